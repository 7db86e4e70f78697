import { appendedContent } from '@mana/shared/modules/kontext/appended-content';
import { kontextDoc } from '@mana/shared/modules/kontext/kontext';
import type { App } from '#shell/app.svelte.ts';
import { followSingleton } from '#shell/singleton.svelte.ts';

/** The document of the open space: what the assistant may know about it. */
export function createKontext(app: App) {
  const doc = followSingleton(app, kontextDoc);
  let last: Promise<unknown> = Promise.resolve();

  const setContent = (content: string): Promise<boolean> => doc.patch({ content });

  /** Adds a paragraph at the end; one addition after the other, each to what the one before left. */
  function appendContent(addition: string): Promise<boolean> {
    const appended = last.then(async () => {
      await doc.whenComplete();
      return setContent(appendedContent(doc.values.content, addition));
    });
    last = appended.catch(() => undefined);
    return appended;
  }

  return {
    get content(): string {
      return doc.values.content;
    },
    setContent,
    appendContent,
  };
}
