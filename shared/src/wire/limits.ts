/** Largest value of one field as stored, in bytes of its JSON or envelope: a long note, not a file. */
export const MAX_FIELD_BYTES = 512 * 1024;

/** Longest structural value, in characters: ids, references and order keys are far shorter, and text does not fit in by mistake. */
export const MAX_STRUCTURAL_LENGTH = 1024;

/** Largest JSON body of a request, in bytes: the server parses it in memory. */
export const MAX_BODY_BYTES = 1024 * 1024;

/** Most operations in one push: a push is one transaction that holds its spaces' rows. */
export const MAX_PUSH_OPS = 500;

/** Most operations that are answered one by one; a push of more is refused as a whole. */
export const MAX_COUNTED_OPS = 10_000;

/** Most fields in one record: far above any module, far below what would stall a merge. */
export const MAX_RECORD_FIELDS = 100;

/** Target size of one pull page, in bytes: a page is applied in one go on a phone. */
export const MAX_PAGE_BYTES = 1024 * 1024;

/** Most records in one pull page. */
export const MAX_PAGE_RECORDS = 5_000;

/** Most records in one answer to a head start: what a person looks at first, well within a page. */
export const MAX_NEWEST_RECORDS = 500;

/** Largest change that travels in the live message itself, in bytes; above it the client is nudged to pull. */
export const MAX_LIVE_PAYLOAD_BYTES = 16 * 1024;

/** How far ahead of the server a stamp may be, in milliseconds: nobody wins by more than this. */
export const MAX_CLOCK_LEAD_MS = 60_000;

/** Length of a table or field name, in characters. */
export const MAX_NAME_LENGTH = 64;

/** Shortest password, in characters (NIST 800-63B-4 for a single factor); checked on the device, the server never sees it. */
export const MIN_PASSWORD_LENGTH = 15;

/** Longest e-mail address, in characters (RFC 5321). */
export const MAX_EMAIL_LENGTH = 254;

/** Longest display name, in characters. */
export const MAX_DISPLAY_NAME_LENGTH = 80;

/** Longest name that the first screens ask for, in characters: what fits into a greeting. */
export const MAX_GREETING_NAME_LENGTH = 40;

/** Longest photo of a profile as a data address, in characters: 192 pixels square as WebP take a sixth of it. */
export const MAX_PHOTO_LENGTH = 64_000;

/** Time a sync socket has to send its first message, in milliseconds. */
export const LIVE_HELLO_TIMEOUT_MS = 5_000;

/** Words of a recovery code: 256 bits and a checksum of 8. */
export const RECOVERY_WORDS = 24;

/** Most members of a space: each statement names them all, and a person must be able to read the list. */
export const MAX_SPACE_MEMBERS = 100;

/** Longest life of an invitation, in milliseconds: 30 days, so that a link that lies around opens nothing for ever. */
export const MAX_INVITATION_MS = 2_592_000_000;

/** Most invitations of a space that are open at a time. */
export const MAX_OPEN_INVITATIONS = 50;
