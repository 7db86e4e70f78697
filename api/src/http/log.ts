import type { Clock } from '@mana/shared/base/clock';

const levels = ['debug', 'info', 'warn', 'error', 'silent'] as const;
type LogLevel = (typeof levels)[number];

/** Values of an event: numbers, codes, patterns and ids; never names, addresses, tokens or bodies. */
type LogFields = Readonly<Record<string, string | number | boolean | undefined>>;

export type Log = (level: Exclude<LogLevel, 'silent'>, event: string, fields?: LogFields) => void;

export interface LogDeps {
  readonly clock: Clock;
  readonly level: LogLevel;
  readonly pretty: boolean;
  readonly write: (line: string) => void;
}

/** One JSON line per event, or a readable one where a person is watching. */
export function createLog({ clock, level, pretty, write }: LogDeps): Log {
  const least = levels.indexOf(level);
  return (eventLevel, event, fields = {}) => {
    if (levels.indexOf(eventLevel) < least) return;
    const time = new Date(clock.nowMs()).toISOString();
    if (pretty) write(`${time.slice(11, 23)} ${eventLevel.padEnd(5)} ${event} ${prettyFields(fields)}\n`);
    else write(`${JSON.stringify({ time, level: eventLevel, event, ...fields })}\n`);
  };
}

const prettyFields = (fields: LogFields): string =>
  Object.entries(fields)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name}=${value}`)
    .join(' ');
