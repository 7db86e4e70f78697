import { MIN_PASSWORD_LENGTH } from '#wire/limits.ts';
import { preparePassword } from './wraps.ts';

/** Pieces that the most common passwords are made of (from public lists of leaked passwords, both interface languages, and keyboard rows). */
const commonPieces = [
  'password', 'passwort', 'passw0rd', 'p@ssword', 'kennwort', 'geheim', 'secret', 'qwertyuiop', 'qwertzuiop', 'asdfghjkl', 'yxcvbnm', 'zxcvbnm',
  'qwerty', 'qwertz', 'asdfgh', 'abcdefghijklmnopqrstuvwxyz', 'abcdef', 'abc123', '1q2w3e4r5t', '1q2w3e4r', '1qaz2wsx', 'q1w2e3r4',
  '12345678901234567890', '1234567890', '123456789', '12345678', '1234567', '123456', '12345', '987654321', '654321', 'iloveyou', 'ichliebedich',
  'letmein', 'welcome', 'willkommen', 'admin', 'administrator', 'football', 'fussball', 'baseball', 'monkey', 'dragon', 'master', 'sunshine',
  'princess', 'superman', 'batman', 'trustno1', 'michael', 'jennifer', 'hallo', 'schatz', 'sommer', 'winter', 'changeme', 'default', 'login', 'mana',
]; // prettier-ignore

const minDistinct = 5; // fewer different characters are a held key, not a password
const maxRead = 200; // characters that are looked at: finding repetitions takes time
const minRest = 6; // characters that must be left when everything guessable is taken out

/**
 * Whether a password is too easy to guess: shorter than 15 characters, or little more than common passwords, repetitions and
 * pieces of the person's own address. The server never sees it, so it is checked here.
 */
export function isWeakPassword(password: string, email: string): boolean {
  const prepared = preparePassword(password);
  const characters = [...prepared];
  if (characters.length < MIN_PASSWORD_LENGTH || new Set(characters).size < minDistinct) return true;
  const head = characters.slice(0, maxRead).join('').toLowerCase();
  return [...withoutGuessable(head, email.toLowerCase())].length < minRest;
}

function withoutGuessable(password: string, email: string): string {
  const own = [email, ...email.split(/[^\p{L}\p{N}]+/u)].filter((piece) => piece.length > 2);
  const pieces = [...own, ...commonPieces].toSorted((a, b) => b.length - a.length);
  const rest = pieces.reduce((left, piece) => left.replaceAll(piece, ''), password);
  return withoutRepeats(rest.replace(/(?:19|20)\d\d/g, '').replace(/[\s\p{P}\p{S}]+/gu, ''));
}

/** Keeps one of each run that repeats itself: `abcabcabc` counts as `abc`. */
const withoutRepeats = (text: string): string => text.replace(/(.+?)\1+/gu, '$1');
