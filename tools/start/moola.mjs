// `npm run moola -- …`: the command. Installs and builds first, when that has never been done.
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { checkNode, prepareOnce, root } from './prepare.mjs';

checkNode();
await prepareOnce();
const main = join(root, 'apps/cli/dist/main.js');
process.argv = [process.execPath, main, ...process.argv.slice(2)];
await import(pathToFileURL(main).href);
