import { projectFiles, readText } from '../tooling/files.mjs';

export const title = 'colours: tokens only, in every theme, readable';

const tokenFiles = /^(pwa|extension)\/.*\/tokens\.css$/;
const paletteFile = 'pwa/src/ui/palette-tokens.css';
const isTokenFile = (path) => tokenFiles.test(path) || path === paletteFile;
const raw =
  /#[0-9a-f]{3,8}\b|\b(rgba?|hsla?|hwb|oklch|oklab|lch|lab)\(|\b(white|black|red|green|blue|gray|grey|orange|yellow|purple|pink|brown)\b/i;

const grounds = ['bg', 'surface', 'surface-2'];
const text = 4.5; // WCAG 2.2 AA for text of ordinary size
const shape = 3; // and for the outline of a control
/** What is written on what; each pair that a theme knows must be readable. */
const pairs = [
  ...['text', 'text-soft', 'accent', 'accent-strong', 'danger', 'warning'].flatMap((ink) => grounds.map((ground) => [ink, ground, text])),
  ...grounds.map((ground) => ['line-strong', ground, shape]),
  ...['accent', 'accent-strong'].map((ground) => ['on-accent', ground, text]),
  ...['accent', 'danger', 'warning'].flatMap((name) => [
    ['text', `${name}-soft`, text],
    [name, `${name}-soft`, text],
  ]),
  ['accent-strong', 'accent-soft', text],
];

const withoutComments = (css) => css.replaceAll(/\/\*[\s\S]*?\*\//g, '');
const isColour = (value) => /^(#|rgb|hsl|oklch)/.test(value);

const tokensIn = (body) => new Map([...body.matchAll(/--([\w-]+):\s*([^;]+);/g)].map(([, name, value]) => [name, value.trim()]));
const lightDark = /light-dark\(([^,()]+),\s*([^,()]+)\)/g;

/** The themes of a token file: each innermost block with its selector; a block that uses light-dark() holds two. */
function themesOf(path) {
  return [...withoutComments(readText(path)).matchAll(/([^{}]+)\{([^{}]*)\}/g)].flatMap(([, head, body]) => {
    const selector = head.trim();
    if (!body.includes('light-dark(')) return [{ selector, tokens: tokensIn(body) }];
    return ['$1', '$2'].map((side, index) => ({
      selector: `${selector} ${index === 0 ? 'light' : 'dark'}`,
      tokens: tokensIn(body.replaceAll(lightDark, side)),
    }));
  });
}

function luminance(hex) {
  const digits = hex.length === 4 ? [...hex.slice(1)].map((digit) => digit + digit).join('') : hex.slice(1);
  const [red, green, blue] = [0, 2, 4].map((start) => {
    const part = parseInt(digits.slice(start, start + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(one, other) {
  const [dark, light] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}

function unreadable(path, { selector, tokens }) {
  return pairs
    .filter(([ink, ground]) => tokens.get(ink)?.startsWith('#') && tokens.get(ground)?.startsWith('#'))
    .map(([ink, ground, least]) => [ink, ground, least, contrast(tokens.get(ink), tokens.get(ground))])
    .filter(([, , least, ratio]) => ratio < least)
    .map(([ink, ground, least, ratio]) => `${path} ${selector}: ${ink} on ${ground} has ${ratio.toFixed(2)}, needs ${least}`);
}

function problemsOfTokens(path) {
  const themes = themesOf(path);
  const [light, ...others] = themes;
  if (!light || others.length === 0) return [`${path}: a light and a dark theme are expected`];
  const colours = [...light.tokens].filter(([, value]) => isColour(value)).map(([name]) => name);
  const [dark] = others;
  return [
    ...others.flatMap(({ selector, tokens }) =>
      colours.filter((name) => !tokens.has(name)).map((name) => `${path} ${selector}: ${name} is missing`),
    ),
    ...others.flatMap(({ selector, tokens }) =>
      [...tokens]
        .filter(([name, value]) => dark.tokens.get(name) !== value)
        .map(([name]) => `${path} ${selector}: ${name} differs from ${dark.selector}`),
    ),
    ...themes.flatMap((theme) => unreadable(path, theme)),
  ];
}

/** Each palette replaces the same tokens in both lights; laid over the theme of its light, everything is readable. */
function problemsOfPalettes([light, dark]) {
  const palettes = themesOf(paletteFile);
  const names = [...(palettes[0]?.tokens.keys() ?? [])];
  return palettes.flatMap(({ selector, tokens }, index) => {
    const base = index % 2 === 0 ? light : dark;
    const whole = { selector, tokens: new Map([...base.tokens, ...tokens]) };
    return [
      ...names.filter((name) => !tokens.has(name)).map((name) => `${paletteFile} ${selector}: ${name} is missing`),
      ...[...tokens.keys()]
        .filter((name) => !names.includes(name))
        .map((name) => `${paletteFile} ${selector}: ${name} is in no other palette`),
      // The first one is how the app looks before anybody chose.
      ...(index < 2 ? [...tokens].filter(([name, value]) => base.tokens.get(name) !== value) : []).map(
        ([name]) => `${paletteFile} ${selector}: ${name} differs from ${base.selector}`,
      ),
      ...unreadable(paletteFile, whole),
    ];
  });
}

/** The parts of a file that hold declarations; in a component only its style and its style attributes. */
function stylesOf(path) {
  const source = readText(path);
  if (path.endsWith('.css')) return [withoutComments(source)];
  return [...source.matchAll(/<style[^>]*>([\s\S]*?)<\/style>|\bstyle="([^"]*)"|\bstyle:[\w-]+="([^"]*)"/g)].map(([, ...parts]) =>
    withoutComments(parts.find((part) => part !== undefined) ?? ''),
  );
}

function problemsOfStyles(path, known) {
  const declarations = stylesOf(path).flatMap((style) => [...style.matchAll(/([\w-]+)\s*:\s*([^;{}]+)(?=[;}]|$)/g)]);
  const own = new Set(declarations.map(([, name]) => name).filter((name) => name.startsWith('--')));
  return declarations.flatMap(([, property, value]) => [
    ...(/colou?r|background|border|shadow|fill|stroke|outline/.test(property) && raw.test(value)
      ? [`${path}: ${property}: ${value.trim()} is no token`]
      : []),
    ...[...value.matchAll(/var\((--[\w-]+)(?!\s*,)\)/g)]
      .filter(([, name]) => !own.has(name) && !known.has(name))
      .map(([, name]) => `${path}: ${name} is defined nowhere`),
  ]);
}

/** App and extension look alike: a colour of one name has one value per theme. */
function drifts([first, ...rest]) {
  const isOther = (theme, name, value) => isColour(value) && theme?.tokens.has(name) && theme.tokens.get(name) !== value;
  return rest.flatMap(({ path, themes }) =>
    themes.flatMap(({ selector, tokens }, index) =>
      [...tokens]
        .filter(([name, value]) => isOther(first.themes[index], name, value))
        .map(([name]) => `${path} ${selector}: ${name} differs from ${first.path}`),
    ),
  );
}

export async function check() {
  const files = projectFiles(tokenFiles);
  if (files.length === 0) return ['no tokens.css found'];
  const all = files.map((path) => ({ path, themes: themesOf(path) }));
  const known = new Set(all.flatMap(({ themes }) => themes.flatMap(({ tokens }) => [...tokens.keys()].map((name) => `--${name}`))));
  const styled = projectFiles(/^(pwa|extension)\/src\/.*\.(svelte|css)$/).filter((path) => !isTokenFile(path));
  const app = all.find(({ path }) => path.startsWith('pwa/'));
  return [
    ...files.flatMap(problemsOfTokens),
    ...problemsOfPalettes(app.themes),
    ...drifts(all),
    ...styled.flatMap((path) => problemsOfStyles(path, known)),
  ];
}
