// Builds the app and the extension: `npm run build`.
import { buildStale } from './tooling/build.mjs';
import { install } from './tooling/install.mjs';

await install();
await buildStale({ force: true });
