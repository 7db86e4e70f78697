// Measures one system in a process of its own and prints one `{ metric, value }` a line: bun run-peer.ts <mana|evolu|jazz> <records> <edits>
import { openEvoluPeer } from './evolu-peer.ts';
import { openJazzPeer } from './jazz-peer.ts';
import { openManaPeer } from './mana-peer.ts';
import { median, percentile } from '../bench/measure.ts';
import type { PeerRecord, SyncPeer } from './sync-peer.ts';

const peers: Readonly<Record<string, () => Promise<SyncPeer>>> = { mana: openManaPeer, evolu: openEvoluPeer, jazz: openJazzPeer };
/** Pause between two edits, in milliseconds: nobody types faster. */
const paceMs = 50;

const recordOf = (index: number): PeerRecord => ({
  title: `task ${index}`,
  body: `what is to be known about number ${index}, in a sentence or two`,
  done: index % 3 === 0,
  order: `a${String(index).padStart(6, '0')}`,
});

const print = (metric: string, value: number): void => console.log(JSON.stringify({ metric, value }));

const [name = '', count = '10000', edits = '100'] = process.argv.slice(2);
const open = peers[name];
if (!open) throw new Error(`no peer is called ${name}`);
const records = Array.from({ length: Number(count) }, (_, index) => recordOf(index));
const peer = await open();
try {
  const first = await peer.openFirst();
  const startedMs = performance.now();
  await first.write(records);
  print('written', performance.now() - startedMs);
  await first.uploaded();
  const uploadedMs = performance.now();
  print('uploaded', uploadedMs - startedMs);
  const second = await peer.openSecond();
  await second.whenReadable(records.length);
  print('downloaded', performance.now() - uploadedMs);
  print('whole', performance.now() - startedMs);
  await Promise.all([first.whenLive(), second.whenLive()]);
  const times: number[] = [];
  for (let edit = 0; edit < Number(edits); edit += 1) {
    const title = `edit number ${edit}`;
    const arrived = second.whenTitled(title);
    const editedMs = performance.now();
    await first.retitle(title);
    await arrived;
    times.push(performance.now() - editedMs);
    await new Promise((resolve) => setTimeout(resolve, paceMs));
  }
  print('live p50', median(times));
  print('live p95', percentile(times, 0.95));
} finally {
  await peer.close();
}
process.exit(0);
