/** What every envelope begins with; the digit is the format's version. */
export const ENVELOPE_PREFIX = 'enc:1:';

const envelopePattern = /^enc:1:[A-Za-z0-9+/]{16}\.(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{4}|[A-Za-z0-9+/]{3}=|[A-Za-z0-9+/]{2}==)$/;
const minEnvelopeLength = ENVELOPE_PREFIX.length + 16 + 1 + 24; // IV, dot, and at least the 16-byte tag

/** Whether a value has the form of an envelope. Says nothing about whether it opens. */
export const isEnvelope = (value: unknown): value is string =>
  typeof value === 'string' && value.length >= minEnvelopeLength && envelopePattern.test(value);
