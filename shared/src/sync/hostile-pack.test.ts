import { describe, expect, test } from 'bun:test';
import { answerLies } from '#testing/hostile-pack/answer-lies.ts';
import { act } from '#testing/hostile-pack/hostile-act.ts';
import { openMana } from '#testing/hostile-pack/mana-victim.ts';
import { pageLies } from '#testing/hostile-pack/page-lies.ts';
import { runAct } from '#testing/hostile-pack/run-act.ts';
import { valueLies } from '#testing/hostile-pack/value-lies.ts';

const all = [...valueLies, ...pageLies, ...answerLies];

describe('a lie of the server is never silently accepted', () => {
  for (const each of all) {
    test(`${each.kind}: ${each.name} (${each.expects})`, async () => {
      const { verdict, sight } = await runAct(each, openMana);
      expect([verdict, sight.reports, sight.titles]).toEqual([each.expects, sight.reports, sight.titles]);
    });
  }
});

test('the pack holds at least thirty lies, each by a name of its own', () => {
  expect(all.length).toBeGreaterThanOrEqual(30);
  expect(new Set(all.map(({ name }) => name)).size).toBe(all.length);
});

test('the runner calls an honest server harmless, and sees what is withheld', async () => {
  const honest = act('replay', 'nothing', { expects: 'ignored' });
  expect((await runAct(honest, openMana)).verdict).toBe('ignored');
  const silent = act('truncate', 'nothing arrives', { expects: 'ignored', live: () => [] });
  expect((await runAct(silent, openMana)).verdict).toBe('unnoticed');
});
