const maxKeys = 500; // one statement's worth: more waits for the next

interface Waiting<Value> {
  resolve(value: Value | undefined): void;
  reject(thrown: unknown): void;
}

/**
 * Reads values by key. What is asked for while a read runs is read together by the next one: one caller waits for nobody,
 * a thousand at once cost a handful of statements. A value is never older than the question for it.
 */
export function gather<Value>(
  readMany: (keys: readonly string[]) => Promise<ReadonlyMap<string, Value>>,
): (key: string) => Promise<Value | undefined> {
  const waiting = new Map<string, Waiting<Value>[]>();
  let isRunning = false;
  const take = () => {
    const batch = [...waiting].slice(0, maxKeys);
    for (const [key] of batch) waiting.delete(key);
    return batch;
  };
  const run = async () => {
    isRunning = true;
    while (waiting.size > 0) await answer(take(), readMany);
    isRunning = false;
  };
  return (key) =>
    new Promise((resolve, reject) => {
      const own = { resolve, reject };
      const others = waiting.get(key);
      if (others) others.push(own);
      else waiting.set(key, [own]);
      if (!isRunning) void run();
    });
}

async function answer<Value>(
  batch: readonly [string, Waiting<Value>[]][],
  readMany: (keys: readonly string[]) => Promise<ReadonlyMap<string, Value>>,
): Promise<void> {
  try {
    const values = await readMany(batch.map(([key]) => key));
    for (const [key, askers] of batch) for (const asker of askers) asker.resolve(values.get(key));
  } catch (thrown) {
    for (const [, askers] of batch) for (const asker of askers) asker.reject(thrown);
  }
}
