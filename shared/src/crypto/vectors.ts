import * as z from 'zod/mini';
import { bytesToHex, type Bytes } from '#base/bytes.ts';
import { aesOpen, aesSeal, hkdfBits, importHkdfKey, importSealingKey, pbkdf2 } from './primitives.ts';

/** Outcome of one vector file: how many tests were run, and the numbers of those that failed. */
export interface VectorCount {
  readonly run: number;
  readonly failed: readonly number[];
}

const groups = <Test extends z.ZodMiniType, Group extends z.core.$ZodLooseShape>(group: Group, test: Test) =>
  z.object({ testGroups: z.array(z.object({ ...group, tests: z.array(test) })) });
const base = { tcId: z.number(), result: z.enum(['valid', 'invalid', 'acceptable']) };
const aesFile = groups(
  { ivSize: z.number(), keySize: z.number(), tagSize: z.number() },
  z.object({ ...base, key: z.string(), iv: z.string(), aad: z.string(), msg: z.string(), ct: z.string(), tag: z.string() }),
);
const hkdfFile = groups({}, z.object({ ...base, ikm: z.string(), salt: z.string(), info: z.string(), size: z.number(), okm: z.string() }));
const pbkdf2File = groups(
  {},
  z.object({ ...base, password: z.string(), salt: z.string(), iterationCount: z.number(), dkLen: z.number(), dk: z.string() }),
);

const bytesOf = (hex: string): Bytes => Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));

async function count<Test extends z.infer<z.ZodMiniObject<typeof base>>>(
  tests: readonly Test[],
  isRight: (test: Test) => Promise<boolean>,
): Promise<VectorCount> {
  const failed: number[] = [];
  for (const test of tests) if (!(await isRight(test))) failed.push(test.tcId);
  return { run: tests.length, failed };
}

/** Only the parameters that this project uses: 96-bit IV, 256-bit key, 128-bit tag. */
function runAes(file: unknown): Promise<VectorCount> {
  const used = aesFile.parse(file).testGroups.filter(({ ivSize, keySize, tagSize }) => ivSize === 96 && keySize === 256 && tagSize === 128);
  return count(
    used.flatMap(({ tests }) => tests),
    async ({ key, iv, aad, msg, ct, tag, result }) => {
      const sealingKey = await importSealingKey(bytesOf(key));
      const place = { iv: bytesOf(iv), additional: bytesOf(aad) };
      const opened = await aesOpen(sealingKey, { ...place, bytes: bytesOf(ct + tag) });
      if (result === 'invalid') return opened === undefined;
      const sealed = await aesSeal(sealingKey, { ...place, bytes: bytesOf(msg) });
      return opened !== undefined && bytesToHex(opened) === msg && bytesToHex(sealed) === ct + tag;
    },
  );
}

function runHkdf(file: unknown): Promise<VectorCount> {
  const all = hkdfFile.parse(file).testGroups.flatMap(({ tests }) => tests);
  return count(all, async ({ ikm, salt, info, size, okm, result }) => {
    const key = await importHkdfKey(bytesOf(ikm));
    const derived = await hkdfBits(key, { salt: bytesOf(salt), info: bytesOf(info), length: size }).catch(() => undefined);
    return result === 'invalid' ? derived === undefined : derived !== undefined && bytesToHex(derived) === okm;
  });
}

function runPbkdf2(file: unknown): Promise<VectorCount> {
  const all = pbkdf2File.parse(file).testGroups.flatMap(({ tests }) => tests);
  return count(all, async ({ password, salt, iterationCount, dkLen, dk }) => {
    const derived = await pbkdf2(bytesOf(password), { salt: bytesOf(salt), iterations: iterationCount, length: dkLen });
    return bytesToHex(derived) === dk;
  });
}

/** Parsed Wycheproof files by name. */
export interface VectorFiles {
  readonly aesGcm: unknown;
  readonly hkdf: unknown;
  readonly pbkdf2: unknown;
}

/** Runs the vectors through the product's own primitives, in whatever runtime this is: Bun or a browser. */
export async function runVectors(files: VectorFiles): Promise<Record<keyof VectorFiles, VectorCount>> {
  return { aesGcm: await runAes(files.aesGcm), hkdf: await runHkdf(files.hkdf), pbkdf2: await runPbkdf2(files.pbkdf2) };
}
