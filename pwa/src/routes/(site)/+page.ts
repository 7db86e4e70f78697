/** The landing page is links and words: without scripts it paints as soon as it arrives. */
export const csr = false;
