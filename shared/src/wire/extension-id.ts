/** Id of the extension in Chromium browsers: the digest of the public `key` in its manifest, so the same in every build. */
export const CHROMIUM_EXTENSION_ID = 'obbjdcidlffnficinjjgofcbbkjmjbab';

/** Origin of the extension's own pages and worker in Chromium: default of `EXTENSION_ORIGINS`. Firefox draws another one on each installation. */
export const CHROMIUM_EXTENSION_ORIGIN = `chrome-extension://${CHROMIUM_EXTENSION_ID}`;
