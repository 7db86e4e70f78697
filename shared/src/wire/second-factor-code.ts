import * as z from 'zod/mini';

/** Six digits of an app, or a back-up code; spaces and dashes do not matter. */
export const secondFactorCodeSchema = z.string().check(z.trim(), z.minLength(6), z.maxLength(32));
