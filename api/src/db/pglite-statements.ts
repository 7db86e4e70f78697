import { parse, protocol, type PGlite, type QueryOptions, type Results } from '@electric-sql/pglite';

const { serialize } = protocol;

const maxKept = 200; // far above what the queries of the code make; texts with lists of any length come and go

/** A statement that the database has parsed: it is planned once and then only run. */
interface Prepared {
  readonly name: string;
  readonly paramTypes: readonly number[];
  readonly columns: readonly Message[];
}

type Message = Awaited<ReturnType<PGlite['execProtocol']>>['messages'][number];

/**
 * Runs statements on the embedded database. Its own `query` has a text parsed and planned each time and calls into the database
 * six times for it, which is most of what a small statement costs; here it is one call with a plan that is kept.
 */
export function createPgliteStatements(client: PGlite) {
  const kept = new Map<string, Prepared>();
  let count = 0;
  let parsers: PGlite['parsers'] | undefined;
  const send = async (...parts: Uint8Array[]): Promise<readonly Message[]> =>
    (await client.execProtocol(new Uint8Array(Buffer.concat(parts)), { syncToFs: false })).messages;

  const prepare = async (text: string): Promise<Prepared> => {
    const name = `mana_${count++}`;
    const described = await send(serialize.parse({ name, text }), serialize.describe({ type: 'S', name }), serialize.sync());
    const prepared = {
      name,
      paramTypes: parse.parseDescribeStatementResults([...described]),
      columns: described.filter((message) => message.name === 'rowDescription'),
    };
    kept.set(text, prepared);
    const [oldest] = kept;
    if (kept.size > maxKept && oldest) {
      kept.delete(oldest[0]);
      await send(serialize.close({ type: 'S', name: oldest[1].name }), serialize.sync());
    }
    return prepared;
  };
  return {
    query: async (text: string, params: readonly unknown[], options?: QueryOptions): Promise<Results> => {
      const prepared = kept.get(text) ?? (await prepare(text));
      const values = params.map((param, place) => textOf(client, prepared.paramTypes[place] ?? 0, param));
      const answered = await send(serialize.bind({ statement: prepared.name, values }), serialize.execute({}), serialize.sync());
      // drizzle names the same parsers each time; merging them for each answer costs more than the statement.
      parsers ??= { ...client.parsers, ...options?.parsers };
      const [result] = parse.parseResults([...prepared.columns, ...answered], parsers, options?.rowMode && { rowMode: options.rowMode });
      return result ?? { rows: [], fields: [] };
    },
    /** Runs a text without parameters; answers the tag of its last command. */
    command: async (text: string): Promise<string> => {
      const tags = (await send(serialize.query(text))).filter((message) => message.name === 'commandComplete');
      const last = tags.at(-1);
      return last && 'text' in last ? String(last.text) : '';
    },
  };
}

function textOf({ serializers }: PGlite, type: number, value: unknown): string | null {
  if (value === null || value === undefined) return null;
  const serializer = serializers[type];
  return serializer ? String(serializer(value)) : String(value);
}
