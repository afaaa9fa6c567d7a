// Installs and builds what is missing or stale, as `npm start` and `npm test` do.
import { build, checkNode, install } from './prepare.mjs';

checkNode();
await install();
await build();
