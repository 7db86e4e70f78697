import { textToBytes } from '@mana/shared/base/bytes';
import { createHash } from 'node:crypto';

/** What is stored in the place of a random token. */
export const hashOf = (token: string): string => createHash('sha256').update(textToBytes(token)).digest('hex');
