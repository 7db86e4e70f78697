/** Marks the messages of the pairing protocol and its version among everything else that a window hears. */
export const PAIRING_CHANNEL = 'mana.pairing.1';
