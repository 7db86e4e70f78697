/** Names of the templates, in the order in which they are offered. */
export const templateNames = ['everyday', 'work', 'health', 'sport', 'learning', 'exploring', 'remembering'] as const;
/** A template: what somebody wants to use the app for. */
export type TemplateName = (typeof templateNames)[number];

/** Most cards that a template puts on the home screen: what is seen without much scrolling. */
export const MAX_HOME_CARDS = 8;

/** What each template is about, most important first, by module names; a module that does not exist yet is left out until it does. */
const templates: Readonly<Record<TemplateName, readonly string[]>> = {
  everyday: ['todo', 'calendar', 'notes', 'contacts'],
  work: ['todo', 'calendar', 'times', 'notes', 'contacts'],
  health: ['habits', 'mood', 'food', 'journal', 'notes'],
  sport: ['habits', 'goals', 'food', 'todo'],
  learning: ['notes', 'articles', 'writing', 'research', 'todo'],
  exploring: ['places', 'calendar', 'notes', 'articles'],
  remembering: ['journal', 'notes', 'mood', 'contacts'],
};

/** The cards of the chosen templates, in the order of choosing, each once. */
export function cardsOf(chosen: readonly TemplateName[], existing: readonly string[]): readonly string[] {
  const wanted = new Set(chosen.flatMap((name) => templates[name]));
  return [...wanted].filter((name) => existing.includes(name)).slice(0, MAX_HOME_CARDS);
}

/** Modules that exist and belong to a template. */
export const modulesOf = (name: TemplateName, existing: readonly string[]): readonly string[] =>
  templates[name].filter((module) => existing.includes(module));
