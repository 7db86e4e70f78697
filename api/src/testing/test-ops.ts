import type { Stamp } from '@mana/shared/base/hybrid-clock';
import type { WireField, WireFields } from '@mana/shared/wire/record';
import type { Op } from '@mana/shared/wire/sync';
import type { TestAnswer } from './test-browser.ts';
import type { TestPerson } from './test-person.ts';
import { paths } from '@mana/shared/wire/endpoints';

export const testDevice = 'a1b2c3d4e5f60718';

export const stampAt = (ms: number, counter = 0, device = testDevice): Stamp =>
  `${new Date(ms).toISOString()}-${counter.toString(16).padStart(4, '0')}-${device}` as Stamp;

/** An envelope as it travels; it opens with no key. */
export const newEnvelope = (bytes = 24): string => {
  const random = (length: number) => Buffer.from(crypto.getRandomValues(new Uint8Array(length))).toString('base64');
  return `enc:1:${random(12)}.${random(bytes + 16)}`;
};

export const fieldOf = (person: TestPerson, at: Stamp, more: Partial<WireField> = {}): WireField => ({
  v: newEnvelope(),
  at,
  actor: `user:${person.account.id}`,
  origin: 'user',
  epoch: 1,
  ...more,
});

export const opOf = (person: TestPerson, fields: WireFields, more: Partial<Op> = {}): Op => ({
  op: crypto.randomUUID(),
  space: person.space,
  table: 'notes',
  id: crypto.randomUUID(),
  fields,
  ...more,
});

export const push = (
  person: TestPerson,
  ops: readonly unknown[],
  more: { n: number; device?: string; generation?: number },
): Promise<TestAnswer> => person.browser.send('POST', paths.push, { body: { device: testDevice, generation: 1, ...more, ops } });

export const pull = (person: TestPerson, query: Record<string, string | number> = {}): Promise<TestAnswer> =>
  person.browser.send(
    'GET',
    `${paths.pull}?${new URLSearchParams({ space: person.space, ...Object.fromEntries(Object.entries(query).map(([name, value]) => [name, String(value)])) })}`,
  );

export const newest = (person: TestPerson, query: Record<string, string> = {}): Promise<TestAnswer> =>
  person.browser.send('GET', `${paths.newest}?${new URLSearchParams({ space: person.space, table: 'notes', ...query })}`);
