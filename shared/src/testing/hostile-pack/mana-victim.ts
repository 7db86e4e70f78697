import { tasks } from '#modules/todo/todo.ts';
import type { Write } from '#store/store.ts';
import { createHostileServer, type Attack } from '../hostile-server.ts';
import { createTwoDevices } from '../two-devices.ts';
import type { TextName, Victim } from './run-act.ts';

const ids: Readonly<Record<TextName, string>> = {
  one: '01890000-0000-7000-8000-000000000001',
  two: '01890000-0000-7000-8000-000000000002',
  own: '01890000-0000-7000-8000-000000000003',
};
const names = Object.keys(ids) as TextName[];
const nameOf = (id: string): TextName | undefined => names.find((name) => ids[name] === id);
const waitMs = 61_000;

/** Mana under attack: two devices with real encryption, and answers validated as over the network. */
export async function openMana(): Promise<Victim> {
  const armed: Attack = {};
  const devices = await createTwoDevices({ aes: true, pageRecords: 25, tamper: (server) => createHostileServer(server, armed) });
  const tabOf = (device: 'writer' | 'reader') => devices.tab(device === 'writer' ? devices.a : devices.b);
  for (const device of ['writer', 'reader'] as const) await tabOf(device).store.whenComplete(tasks);
  return {
    async write(device, titles) {
      devices.time.advance(1_000);
      const writes = Object.entries(titles).map(([name, title]): Write => {
        const values = { title, notes: `notes of ${title}` };
        return { kind: 'put', table: 'tasks', id: ids[name as TextName], values };
      });
      await tabOf(device).store.write(writes);
      await devices.settle();
    },
    arm: (attack) => void Object.assign(armed, attack),
    async wait() {
      devices.time.advance(waitMs);
      await devices.settle();
    },
    async see(device) {
      const { store, sync } = tabOf(device);
      const { state, clockOffMs, quarantined } = sync.status();
      const refused = (await store.quarantined()).map(({ recordId }) => recordId);
      const lost = (await store.history()).map(({ recordId }) => recordId);
      return {
        titles: store
          .table(tasks)
          .all()
          .map(({ id, values }) => ({ name: nameOf(id), title: values.title })),
        reports: devices.warnings,
        isTold: state === 'failing' || state === 'outdated' || quarantined > 0 || clockOffMs !== 0,
        keptAside: [...refused, ...lost].flatMap((id) => nameOf(id) ?? []),
      };
    },
  };
}
