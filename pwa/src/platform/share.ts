/** Whether the system offers to hand a link on. */
export const canShare = (): boolean => typeof navigator.share === 'function';

/** Hands a link on by what the system offers; whoever changes their mind there is told nothing. */
export async function shareLink(link: { readonly title: string; readonly url: string }): Promise<void> {
  try {
    await navigator.share(link);
  } catch (error) {
    if (!(error instanceof DOMException)) throw error;
  }
}
