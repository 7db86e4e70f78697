import { expect, test } from 'bun:test';
import { currentArrangement, shownCards } from './arrangement-rules.ts';
import { homeCardsId } from './home-cards-id.ts';
import { cardsOf, MAX_HOME_CARDS, modulesOf, templateNames } from './template-rules.ts';

const existing = ['todo', 'notes', 'journal', 'habits', 'mood', 'calendar', 'contacts', 'food', 'goals', 'articles', 'places'];

test('the cards of several templates stand in the order of choosing, each once, at most eight', () => {
  expect(cardsOf(['remembering', 'everyday'], existing)).toEqual(['journal', 'notes', 'mood', 'contacts', 'todo', 'calendar']);
  expect(cardsOf(['everyday', 'remembering'], existing)).toEqual(['todo', 'calendar', 'notes', 'contacts', 'journal', 'mood']);
  const all = cardsOf(templateNames, existing);
  expect(all.length).toBe(MAX_HOME_CARDS);
  expect(new Set(all).size).toBe(all.length);
  expect(cardsOf([], existing)).toEqual([]);
});

test('a module that does not exist is left out', () => {
  expect(cardsOf(['exploring'], ['todo', 'notes'])).toEqual(['notes']);
  expect(modulesOf('sport', ['todo', 'notes'])).toEqual(['todo']);
});

test('an arrangement of nothing that exists shows everything', () => {
  expect(shownCards(undefined, ['todo', 'notes'])).toEqual(['todo', 'notes']);
  expect(shownCards(['places'], ['todo', 'notes'])).toEqual(['todo', 'notes']);
  expect(shownCards(['notes'], ['todo', 'notes'])).toEqual(['notes']);
});

test('of two arrangements the newer counts, and the id is the same on every device', () => {
  const record = (id: string, at: string) => ({ id, values: { modules: [id] }, stamps: { modules: { at } } });
  expect(currentArrangement([record('old', '2026-01-01'), record('new', '2026-02-01')])?.id).toBe('new');
  expect(currentArrangement([record('new', '2026-02-01'), record('old', '2026-01-01')])?.id).toBe('new');
  expect(homeCardsId('a')).toBe(homeCardsId('a'));
  expect(homeCardsId('a')).not.toBe(homeCardsId('b'));
});
