import { hostPattern } from '#app/pairing/instance-address.ts';

/** Match pattern of an instance in the browser that this build is for. */
export const instancePattern = (origin: string): string => hostPattern(origin, import.meta.env['BROWSER'] !== 'firefox');
