import { expect, test } from 'bun:test';
import { RowExists, type OutboxRow, type RecordRow, type Storage } from './storage.ts';

const record = (id: string, at: string): RecordRow => ({
  key: `s/t/${id}`,
  scope: 's/t',
  rev: 1,
  _updatedAtIndex: at,
  blob: new Uint8Array([1, 2]),
});
const outbox = (key: string, order: string): OutboxRow => ({ key, order, count: 1, wires: [] });

/** The behaviour that every storage shows. */
export function storageContract(name: string, open: () => Promise<Storage>): void {
  const put = async (storage: Storage, rows: readonly RecordRow[]): Promise<void> => {
    await storage.transaction('write', ['records'], (tx) => tx.putMany('records', rows));
  };

  test(`${name}: what a transaction wrote is there for the next one`, async () => {
    const storage = await open();
    await put(storage, [record('a', '1')]);
    const read = await storage.transaction('read', ['records'], (tx) => tx.getMany('records', ['s/t/a', 's/t/b']));
    expect(read).toEqual({ ok: true, value: [record('a', '1'), undefined] });
    await storage.close();
  });

  test(`${name}: a transaction that throws leaves nothing behind`, async () => {
    const storage = await open();
    const failing = storage.transaction('write', ['records', 'outbox'], async (tx) => {
      await tx.putMany('records', [record('a', '1')]);
      await tx.putMany('outbox', [outbox('s/t/a', '1')]);
      throw new Error('planned');
    });
    await expect(failing).rejects.toThrow('planned');
    const read = await storage.transaction('read', ['records', 'outbox'], async (tx) => [
      await tx.recordKeys({ prefix: '' }),
      await tx.outbox(10),
    ]);
    expect(read).toEqual({ ok: true, value: [[], []] });
    await storage.close();
  });

  test(`${name}: rows are added together, or none of them when one is there`, async () => {
    const storage = await open();
    const add = (ids: readonly string[]) =>
      storage.transaction('write', ['records', 'outbox'], async (tx) => {
        await tx.putMany('outbox', [outbox('s/t/z', '1')]);
        await tx.addMany(
          'records',
          ids.map((id) => record(id, '1')),
        );
      });
    expect(await add(['a', 'b'])).toEqual({ ok: true, value: undefined });
    await storage.transaction('write', ['outbox'], (tx) => tx.deleteMany('outbox', ['s/t/z']));
    for (const ids of [['c', 'b', 'd'], ['a']]) await expect(add(ids)).rejects.toBeInstanceOf(RowExists);
    const read = await storage.transaction('read', ['records', 'outbox'], async (tx) => [
      await tx.recordKeys({ prefix: '' }),
      await tx.outbox(10),
    ]);
    expect(read).toEqual({ ok: true, value: [['s/t/a', 's/t/b'], []] });
    await storage.close();
  });

  test(`${name}: a thousand rows are read in the order of their keys`, async () => {
    const storage = await open();
    const all = Array.from({ length: 1_000 }, (_, index) => record(String((index * 7) % 1_000), '1'));
    await put(storage, all);
    const keys = all.map(({ key }) => key);
    const read = await storage.transaction('read', ['records'], (tx) => tx.getMany('records', [...keys, 's/t/none']));
    expect(read.ok && read.value.map((row) => row?.key)).toEqual([...keys, undefined]);
    await storage.transaction('write', ['records'], (tx) => tx.deleteMany('records', keys));
    expect(await storage.transaction('read', ['records'], (tx) => tx.recordKeys({ prefix: '' }))).toEqual({ ok: true, value: [] });
    await storage.close();
  });

  test(`${name}: reads inside a transaction see its own writes`, async () => {
    const storage = await open();
    await put(storage, [record('a', '1')]);
    const seen = await storage.transaction('write', ['records'], async (tx) => {
      await tx.putMany('records', [record('b', '2')]);
      await tx.deleteMany('records', ['s/t/a']);
      return tx.recordKeys({ prefix: '' });
    });
    expect(seen).toEqual({ ok: true, value: ['s/t/b'] });
    await storage.close();
  });

  test(`${name}: keys are read and counted by their beginning, part by part, in their order`, async () => {
    const storage = await open();
    await put(storage, [record('c', '1'), record('a', '2'), record('b', '3'), { ...record('x', '4'), key: 's2/t/x', scope: 's2/t' }]);
    const read = await storage.transaction('read', ['records'], async (tx) => ({
      first: await tx.recordKeys({ prefix: 's/', limit: 2 }),
      second: await tx.recordKeys({ prefix: 's/', after: 's/t/b', limit: 2 }),
      end: await tx.recordKeys({ prefix: 's/', after: 's/t/c', limit: 2 }),
      all: await tx.recordKeys({ prefix: '' }),
      counts: [await tx.countRecords('s/'), await tx.countRecords('s2/'), await tx.countRecords('s3/')],
    }));
    expect(read).toEqual({
      ok: true,
      value: {
        first: ['s/t/a', 's/t/b'],
        second: ['s/t/c'],
        end: [],
        all: ['s/t/a', 's/t/b', 's/t/c', 's2/t/x'],
        counts: [3, 1, 0],
      },
    });
    await storage.close();
  });

  test(`${name}: two writers of one record take turns`, async () => {
    const storage = await open();
    await put(storage, [{ ...record('a', '1'), rev: 0 }]);
    const increment = () =>
      storage.transaction('write', ['records'], async (tx) => {
        const [row] = await tx.getMany('records', ['s/t/a']);
        if (row) await tx.putMany('records', [{ ...row, rev: row.rev + 1 }]);
      });
    await Promise.all(Array.from({ length: 20 }, increment));
    const read = await storage.transaction('read', ['records'], (tx) => tx.getMany('records', ['s/t/a']));
    expect(read.ok && read.value[0]?.rev).toBe(20);
    await storage.close();
  });

  test(`${name}: a scope is read newest first, page by page, and nothing of another scope`, async () => {
    const storage = await open();
    await put(storage, [
      record('a', '1'),
      record('c', '3'),
      record('b', '2'),
      record('d', '2'),
      { ...record('x', '9'), key: 's/tt/x', scope: 's/tt' },
    ]);
    const page = (limit: number, after?: RecordRow) =>
      storage.transaction('read', ['records'], (tx) => tx.newest({ scope: 's/t', after, limit }));
    const first = await page(2);
    expect(first.ok && first.value.map((row) => row.key)).toEqual(['s/t/c', 's/t/d']);
    const second = await page(5, first.ok ? first.value[1] : undefined);
    expect(second.ok && second.value.map((row) => row.key)).toEqual(['s/t/b', 's/t/a']);
    await storage.close();
  });

  test(`${name}: the outbox is read in the order of sending, a log newest first`, async () => {
    const storage = await open();
    const blob = new Uint8Array([1]);
    await storage.transaction('write', ['outbox', 'history'], async (tx) => {
      await tx.putMany('outbox', [outbox('s/t/a', '1b'), outbox('s/t/b', '0z'), outbox('s/t/c', '1a')]);
      await tx.putMany('history', [
        { key: 'old', at: '2020', blob },
        { key: 'new', at: '2021', blob },
      ]);
    });
    const read = await storage.transaction('read', ['outbox', 'history'], async (tx) => ({
      outbox: (await tx.outbox(2)).map((row) => row.key),
      all: (await tx.outbox(Infinity)).length,
      log: (await tx.log('history')).map((row) => row.key),
    }));
    expect(read).toEqual({ ok: true, value: { outbox: ['s/t/b', 's/t/c'], all: 3, log: ['new', 'old'] } });
    await storage.close();
  });

  test(`${name}: a closed storage says so`, async () => {
    const storage = await open();
    await storage.close();
    expect(await storage.transaction('read', ['meta'], (tx) => tx.getMany('meta', ['sync']))).toEqual({
      ok: false,
      error: 'DATABASE_CLOSED',
    });
  });
}
