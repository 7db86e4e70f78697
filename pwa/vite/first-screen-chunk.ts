import type { Plugin } from 'vite';

/** What the first screen cannot do without: the app's frame and home. */
const beginnings = [
  'src/routes/(app)/+layout.svelte',
  'src/routes/(app)/(open)/+layout.svelte',
  'src/routes/(app)/(open)/s/[space]/+page.svelte',
  'src/modules/todo/TodayCard.svelte',
  'src/modules/notes/RecentNotesCard.svelte',
];

/** The server-rendered door shares a few components with the app; in the app's chunk they would bring all of its styles along. */
const doors = ['src/routes/+layout.svelte', 'src/routes/(site)/+page.svelte'];

interface ModuleGraph {
  getModuleInfo(id: string): { readonly importers: readonly string[] } | null;
}

const messageOf = (path: string): string | undefined => /\/paraglide\/messages\/(\w+)\.js$/.exec(path)?.[1];

/**
 * Puts everything that the first screen imports into one chunk: sixty small ones cost a tenth more to carry, and as many
 * requests. What is fetched later keeps its own chunks. Every module imports all messages by name, so who uses one is read
 * from the code.
 */
export function firstScreenChunk(): Plugin {
  const known = new Map<string, boolean>();
  const usersOf = new Map<string, Set<string>>();

  function isNeeded(id: string, graph: ModuleGraph): boolean {
    const before = known.get(id);
    if (before !== undefined) return before;
    known.set(id, false); // a cycle leads nowhere new
    const [path = id] = id.split('?');
    const message = messageOf(path);
    const users = message === undefined ? graph.getModuleInfo(id)?.importers : [...(usersOf.get(message) ?? [])];
    const needed = beginnings.some((beginning) => path.endsWith(beginning)) || (users?.some((user) => isNeeded(user, graph)) ?? false);
    known.set(id, needed);
    return needed;
  }

  function isOfDoor(id: string, graph: ModuleGraph, seen = new Set<string>()): boolean {
    if (seen.has(id)) return false;
    seen.add(id);
    const [path = id] = id.split('?');
    return (
      doors.some((door) => path.endsWith(door)) || (graph.getModuleInfo(id)?.importers.some((user) => isOfDoor(user, graph, seen)) ?? false)
    );
  }

  const hasStyles = (id: string): boolean => /\.(svelte|css)(\?|$)/.test(id);
  const groups = [
    // What has no styles stands apart: the door imports some of it.
    { priority: 2, name: (id: string, graph: ModuleGraph) => (isNeeded(id, graph) && !hasStyles(id) ? 'first-screen-core' : null) },
    { priority: 1, name: (id: string, graph: ModuleGraph) => (isNeeded(id, graph) && !isOfDoor(id, graph) ? 'first-screen' : null) },
  ];
  return {
    name: 'first-screen-chunk',
    apply: 'build',
    applyToEnvironment: (environment) => environment.name === 'client',
    config: () => ({ environments: { client: { build: { rolldownOptions: { output: { codeSplitting: { groups } } } } } } }),
    transform(code, id) {
      for (const [, message = ''] of code.matchAll(/\bm\.(\w+)/g)) usersOf.set(message, (usersOf.get(message) ?? new Set()).add(id));
    },
  };
}
