import { createContext } from 'svelte';
import { goto } from '$app/navigation';
import { currentArrangement } from '@mana/shared/modules/arrangement/arrangement-rules';
import { homeCardsId } from '@mana/shared/modules/arrangement/home-cards-id';
import { cardsOf, type TemplateName } from '@mana/shared/modules/arrangement/template-rules';
import { homeCards } from '@mana/shared/modules/arrangement/arrangement';
import { m } from '#messages';
import type { App } from '../app.svelte.ts';
import { modules } from '../modules.ts';
import { addressOf, beside, type Step } from './steps.ts';

/** Modules that can stand on the home screen. */
const homeModules = modules.filter(({ homeCard }) => homeCard);
const existing = homeModules.map(({ name }) => name);

/** What the first screens gather, and where they lead. Looks are kept as soon as they are chosen. */
export function createOnboarding(app: App) {
  let name = $state(app.name);
  let chosen = $state.raw<readonly TemplateName[]>([]);
  let leaving = false;

  async function arrange(): Promise<void> {
    if (chosen.length === 0) return;
    const { vault: store } = app;
    const { homeSpace: space } = store;
    await store.whenComplete(homeCards);
    const values = { modules: [...cardsOf(chosen, existing)] };
    const arranged = currentArrangement(store.table(homeCards).all());
    await app.change([
      arranged
        ? { kind: 'patch', table: homeCards.name, id: arranged.id, values, space }
        : { kind: 'put', table: homeCards.name, id: homeCardsId(space), values, space },
    ]);
  }

  async function finish(): Promise<void> {
    if (leaving) return;
    leaving = true;
    await app.session.finishOnboarding();
    await goto(app.href(), { replace: true });
  }

  return {
    get name(): string {
      return name;
    },
    set name(next: string) {
      name = next;
    },
    get chosen(): readonly TemplateName[] {
      return chosen;
    },
    toggle(template: TemplateName): void {
      chosen = chosen.includes(template) ? chosen.filter((other) => other !== template) : [...chosen, template];
    },
    /** Names of the modules that the choice puts on the home screen. */
    get cards(): readonly string[] {
      return cardsOf(chosen, existing).map((card) => homeModules.find((module) => module.name === card)?.label() ?? card);
    },
    modulesLabel: (names: readonly string[]): string =>
      homeModules
        .filter((module) => names.includes(module.name))
        .map(({ label }) => label())
        .join(', '),
    existing,
    async next(step: Step): Promise<void> {
      const typed = name.trim();
      if (step === 'name' && typed !== '' && typed !== app.name) await app.session.changeProfile({ name: typed });
      if (step === 'templates') await arrange();
      const following = beside(step, 1);
      await (following ? goto(addressOf(following)) : finish());
    },
    skipAll: finish,
    label: (step: Step): string => ({ name: m.onboarding_name, look: m.onboarding_look, templates: m.onboarding_templates })[step](),
  };
}

export type Onboarding = ReturnType<typeof createOnboarding>;
export const [getOnboarding, setOnboarding] = createContext<Onboarding>();
