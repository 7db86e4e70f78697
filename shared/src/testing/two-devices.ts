import { systemRandom } from '#base/random.ts';
import { createKeyring } from '#crypto/keyring.ts';
import type { Keyring } from '#crypto/keyring.ts';
import { openBytes, sealBytes } from '#crypto/local-sealing.ts';
import { aesFieldSealing } from '#sync/seal-ops.ts';
import { allTableSchemas } from '#modules/all-modules.ts';
import { allTables } from '#modules/all-tables.ts';
import { createFakeKeyring } from './fake-sealing.ts';
import { createFakeTime, type FakeTime } from './fake-clock.ts';
import { createHostileNetwork, type HostileNetwork } from './hostile-network.ts';
import { createMemoryServer, type MemoryServer, type MemoryServerDeps } from './memory-server.ts';
import { createSeededRandom } from './seeded-random.ts';
import { createSimulatedDevice, type SimulatedDevice, type Tab, type WorldSealing } from './simulated-device.ts';

/** Space and account of the person whose devices these are. */
export const testSpace = '01890000-0000-7000-8000-0000000000aa';
/** Actor of the person whose devices these are. */
export const testSelf = 'user:01890000-0000-7000-8000-0000000000bb';

/** Two devices of one person and their server, joined by a network that a test drives. */
export interface TwoDevices {
  readonly time: FakeTime;
  readonly server: MemoryServer;
  readonly network: HostileNetwork;
  readonly warnings: string[];
  readonly keyring: Keyring;
  readonly a: SimulatedDevice;
  readonly b: SimulatedDevice;
  /** The first tab of a device. */
  tab(device: SimulatedDevice): Tab;
  /** Delivers what is under way, in order, until nothing moves. */
  settle(): Promise<void>;
  /** Both devices hear of the newest key. */
  learnKeys(): void;
  /** Lets waiting work run without delivering anything. */
  turn(): Promise<void>;
}

/** How the devices differ from the usual ones. */
export interface TwoDevicesOptions {
  readonly seed?: number;
  /** Seal with AES instead of the fast fake. */
  readonly aes?: boolean;
  /** Puts something between server and network. */
  readonly tamper?: (server: MemoryServer) => MemoryServer;
  readonly rejects?: MemoryServerDeps['rejects'];
  readonly pageRecords?: number;
}

const macrotask = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));

/** Counts calls under way: WebCrypto answers from other threads, so a turn of the event loop does not tell that work is done. */
function createCounter() {
  let running = 0;
  return {
    isIdle: () => running === 0,
    count:
      <Input extends readonly unknown[], Output>(call: (...input: Input) => Promise<Output>) =>
      async (...input: Input): Promise<Output> => {
        running += 1;
        try {
          return await call(...input);
        } finally {
          running -= 1;
        }
      },
  };
}

/** Idle turns after which nothing more will come. */
const quietTurns = 3;

type Count = ReturnType<typeof createCounter>['count'];

const countedAes = (count: Count): WorldSealing => ({
  local: { sealBytes: count(sealBytes), openBytes: count(openBytes) },
  field: { sealField: count(aesFieldSealing.sealField), openField: count(aesFieldSealing.openField) },
});

async function aesKeyring(count: Count): Promise<Keyring> {
  const spaceKeys = [{ space: testSpace, epoch: 1, key: systemRandom.bytes(32) }];
  const keyring = await createKeyring({ accountKey: systemRandom.bytes(32), spaceKeys });
  return { currentEpoch: keyring.currentEpoch, tableKey: count(keyring.tableKey), localKey: count(keyring.localKey) };
}

/** Opens two devices with one tab each. */
export async function createTwoDevices(options: TwoDevicesOptions = {}): Promise<TwoDevices> {
  await import('#store/store-outbox.ts'); // fetched by the first call otherwise, which no turn of the event loop tells
  const { seed = 1, aes = false, tamper = (server) => server, rejects, pageRecords = 2 } = options;
  const time = createFakeTime();
  const honest = createMemoryServer({
    space: testSpace,
    nowMs: () => time.nowMs,
    tables: allTables,
    pageRecords,
    ...(rejects ? { rejects } : {}),
  });
  const server = tamper(honest);
  const network = createHostileNetwork(server, { validates: aes });
  const warnings: string[] = [];
  const { isIdle, count } = createCounter();
  const epochs: Record<string, number> = { [testSpace]: 1 };
  const learnKeys = (): void => {
    epochs[testSpace] = honest.epoch;
  };
  const keyring = aes ? await aesKeyring(count) : createFakeKeyring(epochs);
  const world = {
    time,
    network,
    keyring,
    random: createSeededRandom(seed),
    self: testSelf,
    space: testSpace,
    tables: allTableSchemas,
    warn: (code: string) => void warnings.push(code),
    refreshKeys: async () => learnKeys(),
    ...(aes ? { sealing: countedAes(count) } : {}),
  };
  const [a, b] = [createSimulatedDevice(world), createSimulatedDevice(world)];
  const turn = async (): Promise<void> => {
    for (let quiet = 0; quiet < quietTurns; quiet = isIdle() ? quiet + 1 : 0) await macrotask();
  };
  const settle = async (): Promise<void> => {
    await turn();
    while (network.count() > 0) {
      network.deliver(0);
      await turn();
    }
  };
  await a.openTab();
  await b.openTab();
  await settle();
  return {
    time,
    server: honest,
    network,
    warnings,
    keyring,
    a,
    b,
    learnKeys,
    turn,
    settle,
    tab(device) {
      const [first] = device.tabs;
      if (!first) throw new Error('The device has no tab');
      return first;
    },
  };
}
