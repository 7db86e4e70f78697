import { expect, test } from '../fixtures.ts';

test('the landing page brings the styles of all that stands on it, and no script', async ({ mana, request }) => {
  const page = await (await request.get(mana.url)).text();
  const styled = new Set(page.match(/(?<=class="[^"]*)svelte-\w+/g));
  expect(styled.size).toBeGreaterThan(0);
  for (const name of styled) expect(page, `Styles of ${name}`).toContain(`.${name}`);
  expect(page).not.toMatch(/<script[^>]+src=/);
});
