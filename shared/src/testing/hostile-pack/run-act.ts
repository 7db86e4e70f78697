import type { Attack } from '../hostile-server.ts';
import type { HostileAct, Outcome } from './hostile-act.ts';

/** The three texts of a run before the server begins to lie, and after both devices changed them: two by the writer, one by the reader. */
const before = { one: 'first', two: 'second', own: 'third' } as const;
const after = { one: 'first, again', two: 'second, again', own: 'third, again' } as const;

/** Name of a text. */
export type TextName = keyof typeof before;

/** What a person sees on a device, and what the program told them or its log. */
export interface Sight {
  /** Every title that is shown, with the name of its record; undefined for a record that nobody made. */
  readonly titles: readonly { readonly name: TextName | undefined; readonly title: string }[];
  /** Codes of what was refused. */
  readonly reports: readonly string[];
  /** Whether the person is told that something is wrong. */
  readonly isTold: boolean;
  /** Texts that are kept aside for the person: refused, or in the history. */
  readonly keptAside: readonly TextName[];
}

/** A program under attack, with two devices of one person behind a server that lies as it is armed. */
export interface Victim {
  /** Writes titles on a device, and lets everything arrive. */
  write(device: 'writer' | 'reader', titles: Readonly<Partial<Record<TextName, string>>>): Promise<void>;
  arm(attack: Attack): void;
  /** Lets time pass until nothing moves. */
  wait(): Promise<void>;
  see(device: 'writer' | 'reader'): Promise<Sight>;
}

/** What came of a lie; the last three must never be. */
export type Verdict = Outcome | 'forged' | 'unnoticed' | 'lost';

/** Runs one act. */
export async function runAct(
  { lie, watched = 'reader' }: HostileAct,
  open: () => Promise<Victim>,
): Promise<{ verdict: Verdict; sight: Sight }> {
  const victim = await open();
  const attack = lie();
  if (watched === 'writer') victim.arm(attack);
  await victim.write('writer', { one: before.one, two: before.two });
  await victim.write('reader', { own: before.own });
  if (watched === 'reader') victim.arm(attack);
  await victim.write('writer', { one: after.one, two: after.two });
  await victim.write('reader', { own: after.own });
  await victim.wait();
  const sight = await victim.see(watched);
  return { verdict: verdictOf(sight, watched), sight };
}

function verdictOf({ titles, reports, isTold, keptAside }: Sight, watched: 'writer' | 'reader'): Verdict {
  const isGenuine = ({ name, title }: Sight['titles'][number]): boolean =>
    name !== undefined && (title === before[name] || title === after[name]);
  if (!titles.every(isGenuine)) return 'forged';
  const own: readonly TextName[] = watched === 'writer' ? ['one', 'two'] : ['own'];
  const isShown = (name: TextName): boolean => titles.some((each) => each.name === name && each.title === after[name]);
  if (!own.every((name) => isShown(name) || keptAside.includes(name))) return 'lost';
  if (reports.length > 0) return 'refused';
  if (isTold) return 'told';
  return (watched === 'writer' ? own : (['one', 'two', 'own'] as const)).every(isShown) ? 'ignored' : 'unnoticed';
}
