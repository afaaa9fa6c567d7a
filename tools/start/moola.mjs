// `npm run moola -- …`: the command. Installs and builds first what is missing or stale.
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build, checkNode, install, root } from './prepare.mjs';

checkNode();
await install();
await build();
const main = join(root, 'apps/cli/dist/main.js');
process.argv = [process.execPath, main, ...process.argv.slice(2)];
await import(pathToFileURL(main).href);
