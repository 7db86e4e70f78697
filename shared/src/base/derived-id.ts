import { sha256 } from '@noble/hashes/sha2.js';
import { lengthPrefixed } from './bytes.ts';
import { formatUuid } from './ids.ts';

/** An id that any device derives alike from the same parts (UUIDv8 over SHA-256): singletons, seeds, recurring instances. */
export const derivedId = (...parts: string[]): string => formatUuid(sha256(lengthPrefixed(parts)), 8);
