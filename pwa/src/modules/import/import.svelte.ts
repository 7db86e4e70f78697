import type { ImportDraft, ImportNotice, RefusalCode, SourceFile } from '@mana/shared/backup/import-draft';
import type { ImportPlan } from '@mana/shared/backup/plan-import';
import type { App } from '#shell/app.svelte.ts';

/** Where an import stands. */
export type ImportState =
  | { readonly step: 'choose'; readonly refusal?: ImportNotice<RefusalCode> }
  | { readonly step: 'reading'; readonly done: number; readonly total: number }
  | { readonly step: 'preview'; readonly draft: ImportDraft; readonly plan: ImportPlan }
  | { readonly step: 'writing' }
  | { readonly step: 'done'; readonly written: number; readonly changeId: string };

/** How many files are read between two pauses: seldom enough to be fast, often enough to show the way. */
const filesPerPause = 20;

/** Loads the importers, and what they need to know of today. */
async function loadImporters(app: App) {
  const [{ readImport }, { planImport }, { loadDateReader }] = await Promise.all([
    import('@mana/shared/backup/read-import'),
    import('@mana/shared/backup/plan-import'),
    import('@mana/shared/quick-add/date-reader'),
  ]);
  const language = app.locale.startsWith('de') ? 'de' : 'en';
  const place = { nowMs: app.clock.nowMs(), language, readDates: await loadDateReader() } as const;
  return { readImport, planImport, place };
}

/** Reads, shows what would happen, writes as one change, and takes it back. What is imported is the person's own: into a shared space it is moved. */
export function createImport(app: App) {
  let state = $state.raw<ImportState>({ step: 'choose' });
  let cancelled: AbortController | undefined;

  async function read(files: readonly SourceFile[]): Promise<void> {
    cancelled = new AbortController();
    const { signal } = cancelled;
    state = { step: 'reading', done: 0, total: files.length };
    const { readImport, planImport, place } = await loadImporters(app);
    const progress = async (done: number, total: number): Promise<void> => {
      if (done % filesPerPause !== 0) return;
      state = { step: 'reading', done, total };
      await new Promise((resolve) => setTimeout(resolve, 0));
    };
    const draft = await readImport(files, { place, progress, signal });
    if (!draft.ok) {
      state = { step: 'choose', refusal: draft.error };
      return;
    }
    state = { step: 'preview', draft: draft.value, plan: await planImport(draft.value, app.vault) };
  }

  async function write(plan: ImportPlan): Promise<void> {
    state = { step: 'writing' };
    const { applyImport } = await import('@mana/shared/backup/plan-import');
    const change = await applyImport(plan, app.vault);
    if (change.ok) {
      app.remember(change.value);
      state = { step: 'done', written: plan.writes.length, changeId: change.value.id };
      return;
    }
    void app.toasts.failure(change.error);
    state = { step: 'choose' };
  }

  async function undo(changeId: string): Promise<void> {
    await app.undo(changeId);
    state = { step: 'choose' };
  }

  return {
    get state(): ImportState {
      return state;
    },
    read,
    write,
    undo,
    cancel: () => cancelled?.abort(),
    reset: () => {
      state = { step: 'choose' };
    },
  };
}
