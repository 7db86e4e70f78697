import { readText } from '../tooling/files.mjs';

export const title = 'every setting is documented';

/** The settings stand in one schema; `.env.example` names each of them and no other. */
export async function check() {
  const schema = readText('api/src/config.ts').match(/z\.object\(\{([\s\S]*?)\n\}\)/)?.[1] ?? '';
  const known = [...schema.matchAll(/^ {2}([A-Z][A-Z_]+):/gm)].map(([, name]) => name);
  const told = [...readText('.env.example').matchAll(/^# ([A-Z][A-Z_]+)=/gm)].map(([, name]) => name);
  return [
    ...(known.length === 0 ? ['api/src/config.ts: no settings found'] : []),
    ...known.filter((name) => !told.includes(name)).map((name) => `.env.example: ${name} is missing`),
    ...told.filter((name) => !known.includes(name)).map((name) => `.env.example: ${name} is no setting`),
  ];
}
