import { projectFiles, readText } from '../tooling/files.mjs';

export const title = 'words: complete in every language, used, none in the code';

const folder = 'pwa/messages';
const spoken = new Set(['aria-label', 'aria-description', 'title', 'placeholder', 'alt', 'label']);
const hasWord = /\p{L}{2,}/u;
const properNames = /^(Mana|Esc|Enter|Tab|Ctrl|Alt|Shift|Todoist|Markdown|Obsidian|CSV|Deutsch|English|Chromium|Chrome|Firefox|Edge)$/;
const parts = (text) => text.split(/[\s/·…,.:+()–—-]+/).filter((word) => hasWord.test(word) && !properNames.test(word));

function languages() {
  const files = projectFiles(new RegExp(`^${folder}/[a-z]+\\.json$`));
  return files.map((path) => ({ path, messages: JSON.parse(readText(path)) }));
}

function incomplete(all) {
  const keys = new Set(all.flatMap(({ messages }) => Object.keys(messages)));
  return all.flatMap(({ path, messages }) =>
    [...keys].filter((key) => !(key in messages) || messages[key] === '').map((key) => `${path}: ${key} is missing`),
  );
}

/** A key counts as used when code names it, or when code builds names that begin and end as it does. */
function unused(all) {
  const source = projectFiles(/^pwa\/src\/.*\.(ts|svelte)$/)
    .map(readText)
    .join('\n');
  const built = [...source.matchAll(/`(\w+_)\$\{[^}]*\}(\w*)`/g)].map(([, head, tail]) => new RegExp(`^${head}\\w+${tail}$`));
  const names = new Set(source.match(/\b[a-z]\w+\b/g));
  return [...new Set(all.flatMap(({ messages }) => Object.keys(messages)))]
    .filter((key) => key !== '$schema' && !names.has(key) && !built.some((pattern) => pattern.test(key)))
    .map((key) => `${folder}: ${key} is used nowhere`);
}

function childrenOf(node) {
  return Object.entries(node)
    .filter(([name]) => name !== 'parent' && name !== 'metadata')
    .flatMap(([, value]) => (Array.isArray(value) ? value : [value]))
    .filter((value) => value && typeof value === 'object' && typeof value.type === 'string');
}

function textsOf(node) {
  if (node.type === 'RegularElement' && ['code', 'kbd', 'script', 'style', 'pre'].includes(node.name)) return [];
  if (node.type === 'Attribute' && !spoken.has(node.name)) return [];
  if (node.type === 'Text') return [node];
  return childrenOf(node).flatMap(textsOf);
}

async function written(path) {
  const { parse } = await import('svelte/compiler');
  const source = readText(path);
  const { fragment } = parse(source, { modern: true });
  return textsOf(fragment)
    .filter((text) => parts(text.data).length > 0)
    .map(
      (text) => `${path}:${source.slice(0, text.start).split('\n').length}: "${text.data.trim().slice(0, 40)}" belongs into the messages`,
    );
}

export async function check() {
  const all = languages();
  const problems = all.length < 2 ? [`${folder}: two languages are expected`] : [...incomplete(all), ...unused(all)];
  const hardCoded = await Promise.all(projectFiles(/^(pwa|extension)\/src\/.*\.svelte$/).map(written));
  return [...problems, ...hardCoded.flat()];
}
