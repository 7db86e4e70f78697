/**
 * Writes the lists of modules from the folders of `shared/src/modules`, so that adding a module touches no list.
 * A folder `<name>` holds `tables.ts` (exports `<name>Tables`), `<name>.ts` (exports `<name>Module`)
 * and, if it begins with sample content, `seeds.ts` (exports `<name>Seeds`).
 * `--check` changes nothing and fails when a list is stale.
 */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const modulesFolder = join(dirname(fileURLToPath(import.meta.url)), '../shared/src/modules');
const head = '// Made by scripts/module-lists.mjs from the folders beside this file.\n';

const camelCase = (folder) => folder.replaceAll(/-(\w)/g, (_, letter) => letter.toUpperCase());

const folders = readdirSync(modulesFolder, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map((entry) => entry.name)
  .sort();

const importLines = (names, suffix, file) =>
  names.map((folder) => `import { ${camelCase(folder)}${suffix} } from './${folder}/${file(folder)}.ts';`).join('\n');

const listOf = (items) => {
  const line = `[${items.join(', ')}]`;
  return line.length <= 90 ? line : `[\n  ${items.join(',\n  ')},\n]`;
};

function allTablesSource() {
  const spread = folders.map((folder) => `  ...${camelCase(folder)}Tables,`).join('\n');
  return `${head}import type { TableDeclaration } from './define-tables.ts';
${importLines(folders, 'Tables', () => 'tables')}

/** Every table by name: what the server may know. */
export const allTables: Readonly<Record<string, TableDeclaration>> = {
${spread}
};
`;
}

function allModulesSource() {
  const list = listOf(folders.map((folder) => `${camelCase(folder)}Module`));
  return `${head}import type { Module, Table } from './define-module.ts';
${importLines(folders, 'Module', (folder) => folder)}

/** Every module. */
export const allModules: readonly Module[] = ${list};

/** Every table with its schema. */
export const allTableSchemas: readonly Table[] = allModules.flatMap((module) => Object.values(module.tables));
`;
}

function allSeedsSource() {
  const seeded = folders.filter((folder) => existsSync(join(modulesFolder, folder, 'seeds.ts')));
  const list = listOf(seeded.map((folder) => `...${camelCase(folder)}Seeds(place)`));
  return `${head}import type { Seed, SeedPlace } from './define-module.ts';
${importLines(seeded, 'Seeds', () => 'seeds')}

/** The sample content that a new guest begins with. */
export const allSeeds = (place: SeedPlace): readonly Seed[] => ${list};
`;
}

const sources = { 'all-tables.ts': allTablesSource(), 'all-modules.ts': allModulesSource(), 'all-seeds.ts': allSeedsSource() };
const stale = Object.entries(sources).filter(([name, source]) => {
  const path = join(modulesFolder, name);
  return !existsSync(path) || readFileSync(path, 'utf8') !== source;
});

if (process.argv.includes('--check')) {
  for (const [name] of stale) process.stderr.write(`shared/src/modules/${name} is stale: run node scripts/module-lists.mjs\n`);
  if (stale.length > 0) process.exitCode = 1;
} else {
  for (const [name, source] of stale) writeFileSync(join(modulesFolder, name), source);
}
