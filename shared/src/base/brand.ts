declare const brand: unique symbol;

/** A string or number that only its own factory can make: `Brand<string, 'RecordId'>`. */
export type Brand<Base, Name extends string> = Base & { readonly [brand]: Name };
