// Size, style and direction of the code. What a file may import is written once, here; each message names the right door.
import { existsSync, readdirSync } from 'node:fs';

const tests = ['**/*.test.ts', '**/*.contract.ts', '**/*.cases.ts'];
const testing = ['shared/src/testing/**', 'api/src/testing/**', 'e2e/**'];

/** Layers of shared: each may import those to its left. */
const layers = ['base', 'wire', 'crypto', 'modules', 'store', 'sync', 'session'];
const besides = { 'quick-add': ['base', 'wire', 'modules', 'store'], search: ['base', 'wire', 'modules', 'store'] };
besides.backup = [...besides.search, 'quick-add'];

const allowedIn = (layer) => besides[layer] ?? layers.slice(0, layers.indexOf(layer));
const sharedFolders = [...layers, ...Object.keys(besides)];

const regex = (text, message) => ({ regex: text, message });

const climbing = regex(
  String.raw`^\.\./\.\./([^.]|\.\./([^e]|e[^2]))`,
  'Inside a package use its #… import; across packages @mana/shared/<layer>/<file>.',
);
const packages = regex('^@mana/(api|pwa|extension|e2e)(/|$)', 'Nothing imports an application: what two of them need belongs into shared.');
const testingDoor = regex(
  '^(#testing|@mana/shared/testing)/|/e2e/',
  'testing is for tests: product code takes its clock, randomness and network by argument.',
);
const platformDoor = regex('^(node|bun):', 'This code runs in a browser: take the capability by argument.');

/** Which files may name a package; everybody else goes through them. */
const doors = [
  ['dexie', ['shared/src/store/dexie-storage.ts'], 'IndexedDB has one door: the Storage port, opened by store/dexie-storage.ts.'],
  ['idb-keyval', ['shared/src/session/device-vault.ts'], 'Keys rest behind one door: session/device-vault.ts.'],
  ['@serenity-kit/opaque', ['shared/src/crypto/opaque-*.ts'], 'OPAQUE has two doors: crypto/opaque-client.ts and crypto/opaque-server.ts.'],
  [
    '@noble/hashes',
    ['shared/src/crypto/**', 'shared/src/base/derived-id.ts', 'shared/src/store/private-id.ts', 'shared/src/session/pairing-messages.ts'],
    'Cryptography has one door: shared/src/crypto. Hashing without a key is done where ids and codes are made.',
  ],
  ['nodemailer', ['api/src/mail/smtp.ts'], 'Mail has one door: mail/smtp.ts.'],
  ['@simplewebauthn/server', ['api/src/account/webauthn.ts'], 'Passkeys are verified by account/webauthn.ts.'],
  ['@simplewebauthn/browser', ['shared/src/session/browser-passkeys.ts'], 'Passkeys are asked by session/browser-passkeys.ts.'],
  ['@scure/bip39', ['shared/src/crypto/**'], 'Recovery codes have one door: crypto/recovery-code.ts.'],
  ['@hpke/core', ['shared/src/crypto/**'], 'Cryptography has one door: shared/src/crypto.'],
  ['chrono-node', ['shared/src/quick-add/**'], 'Dates are read by quick-add/quick-add.ts.'],
  ['minisearch', ['shared/src/search/**'], 'Searching has one door: shared/src/search.'],
  ['papaparse', ['shared/src/backup/**'], "Other apps' files are read in shared/src/backup."],
  ['fflate', ['shared/src/backup/**'], "Other apps' files are read in shared/src/backup."],
  ['yaml', ['shared/src/backup/**'], "Other apps' files are read in shared/src/backup."],
  [
    'elysia',
    ['api/src/http/**', 'api/src/**/*.routes.ts', 'api/src/app.ts', 'api/src/main.ts'],
    'HTTP has its doors: *.routes.ts and api/src/http.',
  ],
  [
    'drizzle-orm',
    ['api/src/db/**', 'api/src/**/*.queries.ts', 'api/src/**/*.table.ts', 'api/src/testing/**'],
    'Only *.queries.ts speak SQL: add a query there and call it from the service.',
  ],
  ['postgres', ['api/src/db/**', 'api/src/testing/**'], 'Databases are opened by api/src/db/open-database.ts.'],
  ['@electric-sql/pglite', ['api/src/db/**', 'api/src/testing/**'], 'Databases are opened by api/src/db/open-database.ts.'],
  [
    'wxt/browser',
    ['extension/src/entrypoints/**', 'extension/src/handlers/**'],
    'Only entry points and handlers name the browser: pass what is needed by argument.',
  ],
];

const escaped = (text) => text.replaceAll(/[.*+?^${}()|[\]\\/]/g, String.raw`\$&`);
const doorRules = (exceptFor = []) =>
  doors.filter(([name]) => !exceptFor.includes(name)).map(([name, , message]) => regex(`^${escaped(name)}(/|$)`, message));
const miniOnly = regex('^zod(/v3|/v4|/v4/core|/locales)?$', 'The browser loads zod/mini: all of Zod costs the first screen 60 kB.');

/** Bans of an area; `patterns` are the area's own, `open` the packages that it may name. */
const restrict = (patterns, open) => ({
  'no-restricted-imports': ['error', { patterns: [climbing, packages, ...doorRules(open), ...patterns] }],
});

/** An area with its bans, once for its own files and once for each door inside it. */
function area(folder, patterns) {
  const inside = doors.flatMap(([, files]) => files).filter((file) => file.startsWith(`${folder}/`) || coversFolder(file, folder));
  const openEverywhere = doors.filter(([, files]) => files.some((file) => coversFolder(file, folder))).map(([name]) => name);
  const doorFiles = [...new Set(inside.filter((file) => file.startsWith(`${folder}/`) && !coversFolder(file, folder)))];
  return [
    { files: [`${folder}/**`], rules: restrict([...patterns, testingDoor], openEverywhere) },
    ...doorFiles.map((file) => ({
      files: [file],
      rules: restrict(
        [...patterns, testingDoor],
        [...openEverywhere, ...doors.filter(([, files]) => files.includes(file)).map(([name]) => name)],
      ),
    })),
  ];
}

function coversFolder(file, folder) {
  const root = file.replace(/\/\*\*$/, '');
  return file.endsWith('/**') && `${folder}/`.startsWith(`${root}/`);
}

function layerArea(layer) {
  const banned = sharedFolders.filter((other) => other !== layer && !allowedIn(layer).includes(other));
  const allowed = allowedIn(layer).join(', ') || 'nothing';
  return area(`shared/src/${layer}`, [
    ...(banned.length > 0
      ? [regex(String.raw`^(#|(\.\./)+)(${banned.join('|')})/`, `${layer} may import ${allowed}: its callers pass the rest by argument.`)]
      : []),
    regex('^@mana/shared/', 'Inside shared: #<layer>/<file>.ts.'),
    miniOnly,
    platformDoor,
  ]);
}

/** What the server may know of shared: nothing that opens a value. */
const serverMay =
  /^(base\/.*|wire\/.*|modules\/(define|all)-tables|modules\/singleton-id|modules\/[^/]+\/tables|crypto\/(opaque-server|account-proof|space-chain))$/;
const closedToServer = readdirSync(new URL('./shared/src/', import.meta.url), { recursive: true })
  .filter((path) => path.endsWith('.ts') && !path.endsWith('.test.ts'))
  .map((path) => path.replace(/\.ts$/, ''))
  .filter((path) => !serverMay.test(path));
const serverDoor = regex(
  `^@mana/shared/(${closedToServer.map(escaped).join('|')})$`,
  'The server cannot open a value: it may import base, wire, table declarations, account proofs, the check of statements and the server half of OPAQUE.',
);

const foldersIn = (path) => {
  const url = new URL(path, import.meta.url);
  return existsSync(url)
    ? readdirSync(url, { withFileTypes: true })
        .filter((entry) => entry.isDirectory())
        .map((entry) => entry.name)
    : [];
};

function moduleArea(name, all) {
  const others = all.filter((other) => other !== name);
  return area(`pwa/src/modules/${name}`, [
    regex(String.raw`^(#modules|\.\.)/(${others.join('|')})/`, 'Modules do not know each other: meet through the shell or in shared.'),
    regex('^#routes/', 'A module is mounted by a route, never the other way.'),
    miniOnly,
    platformDoor,
  ]);
}

const appModules = foldersIn('./pwa/src/modules/');

const pwaAreas = [
  ...area('pwa/src/routes', [miniOnly, platformDoor]),
  ...area('pwa/src/shell', [
    regex('^#modules/', 'The shell knows modules by their description only: shell/modules.ts collects them.'),
    miniOnly,
    platformDoor,
  ]),
  ...area('pwa/src/ui', [
    regex('^(#(shell|modules|platform|routes)|@mana/shared)/', 'ui knows no domain: pass values and words as properties.'),
    miniOnly,
    platformDoor,
  ]),
  ...area('pwa/src/platform', [
    regex('^#(shell|modules|ui|routes)/', 'platform wraps the browser and knows no screen.'),
    miniOnly,
    platformDoor,
  ]),
  ...appModules.flatMap((name) => moduleArea(name, appModules)),
];

const adapters = [
  'shared/src/base/clock.ts',
  'shared/src/base/random.ts',
  'shared/src/sync/browser-environment.ts',
  'shared/src/sync/http-transport.ts',
  'shared/src/store/tab-channel.ts',
  'shared/src/store/dexie-storage.ts',
  'shared/src/session/device-vault.ts',
  'shared/src/session/browser-platform.ts',
  'shared/src/session/browser-passkeys.ts',
  'shared/src/session/open-browser-sync.ts',
  'api/src/main.ts',
  'api/src/http/log.ts',
  'api/src/sync/live-socket.ts', // compares with WebSocket.OPEN
  'pwa/src/platform/**',
  'pwa/src/service-worker/**',
  'pwa/src/boot.js', // runs before the app
  'extension/src/entrypoints/**',
  'extension/src/handlers/**',
  'extension/src/client/open-session.ts', // where the extension is put together
];

const byArgument = (name) => ({
  name,
  message: `${name} comes by argument; it is named in its adapter and where an application is put together.`,
});

export default {
  plugins: ['import', 'typescript', 'unicorn', 'oxc'],
  categories: { correctness: 'error', suspicious: 'error' },
  env: { builtin: true, browser: true },
  rules: {
    'import/no-cycle': ['error', { ignoreTypes: false }],
    'max-lines': ['error', { max: 300, skipBlankLines: false, skipComments: false }],
    'max-lines-per-function': ['error', { max: 60, skipComments: true }],
    complexity: ['error', { max: 10, variant: 'modified' }],
    'max-params': ['error', 3],
    'max-depth': ['error', 3],
    'no-console': 'error',
    'no-warning-comments': ['error', { terms: ['todo', 'fixme', 'xxx', 'hack'], location: 'start' }],
    'typescript/no-explicit-any': 'error',
    'typescript/no-non-null-assertion': 'error',
    'typescript/ban-ts-comment': 'error',
    'import/no-default-export': 'error',
    'no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
    'no-underscore-dangle': 'off', // a shadow column begins with one
    'import/no-unassigned-import': 'off', // styles, and a database for tests
    'import/no-named-as-default': 'off',
    'import/no-named-as-default-member': 'off', // fc.assert is how fast-check is read
    'unicorn/consistent-function-scoping': 'off', // a helper beside its one use reads better
    'unicorn/no-array-sort': 'off', // on a copy it is what is meant
    'unicorn/no-array-reverse': 'off', // Dexie's collections have a reverse of their own
    'unicorn/no-useless-spread': 'off', // a copy is walked while the original changes
    'unicorn/require-post-message-target-origin': 'off', // channels and ports have none
    'unicorn/prefer-add-event-listener': 'off', // a port starts by its onmessage
    'no-unmodified-loop-condition': 'off', // it does not see closures
    'unicorn/filename-case': ['error', { case: 'kebabCase' }],
    'no-restricted-globals': [
      'error',
      ...['fetch', 'localStorage', 'sessionStorage', 'indexedDB', 'browser', 'chrome', 'WebSocket', 'BroadcastChannel'].map(byArgument),
    ],
    'no-restricted-properties': [
      'error',
      { object: 'Date', property: 'now', message: 'Time comes from the Clock that was passed in.' },
      { object: 'performance', property: 'now', message: 'Time comes from the Clock that was passed in.' },
      { object: 'Math', property: 'random', message: 'Randomness comes from the Random that was passed in.' },
      { object: 'crypto', property: 'getRandomValues', message: 'Randomness comes from the Random that was passed in.' },
      { object: 'crypto', property: 'randomUUID', message: 'Ids come from base/ids.ts and the Random that was passed in.' },
      ...['fetch', 'localStorage', 'sessionStorage', 'indexedDB'].flatMap((property) =>
        ['window', 'globalThis', 'self'].map((object) => ({ object, property, message: byArgument(property).message })),
      ),
    ],
  },
  overrides: [
    ...sharedFolders.flatMap(layerArea),
    ...area('api/src', [serverDoor]),
    ...pwaAreas,
    { files: ['pwa/src/shell/modules.ts'], rules: restrict([testingDoor, miniOnly, platformDoor]) },
    ...area('extension/src', [miniOnly, platformDoor]),
    { files: adapters, rules: { 'no-restricted-globals': 'off', 'no-restricted-properties': 'off' } },
    { files: ['api/src/main.ts', 'api/src/http/log.ts'], rules: { 'no-console': 'off' } },
    {
      files: [...tests, ...testing],
      rules: {
        'no-restricted-imports': ['error', { patterns: [climbing, packages] }],
        'no-restricted-globals': 'off',
        'no-restricted-properties': 'off',
        'max-lines-per-function': 'off',
        'max-params': 'off',
        complexity: ['error', { max: 20, variant: 'modified' }], // each `??` of an expectation counts
      },
    },
    {
      files: ['scripts/**', '**/*.config.{ts,js,mjs}', 'e2e/**', '**/vite/**'],
      rules: { 'no-console': 'off', 'no-restricted-globals': 'off', 'no-restricted-properties': 'off' },
    },
    {
      files: ['**/*.config.{ts,js,mjs}', 'pwa/src/routes/**', 'extension/src/entrypoints/**', 'e2e/*.ts', '**/*.d.ts'],
      rules: { 'import/no-default-export': 'off', 'unicorn/require-module-specifiers': 'off' },
    },
    { files: ['**/*.svelte', 'pwa/src/routes/**'], rules: { 'unicorn/filename-case': 'off', 'import/no-default-export': 'off' } },
    { files: ['e2e/make-template.ts'], rules: { 'import/no-default-export': 'off' } }, // Playwright takes the default export
  ],
  ignorePatterns: [
    '**/node_modules/**',
    '**/build/**',
    '**/.output/**',
    '**/.wxt/**',
    '**/.svelte-kit/**',
    '**/paraglide/**',
    '**/test-results/**',
    '.data/**',
  ],
};
