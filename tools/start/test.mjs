// `npm test [-- jest arguments]`: installs what is missing, builds, runs every test.
import { build, checkNode, install } from './prepare.mjs';

checkNode();
await install();
await build(); // tests start real processes
await import('../testbed/run-tests.mjs');
