// `npm test [-- jest arguments]`: installs what is missing, builds, runs every test.
import { build, checkNode, install } from './prepare.mjs';

checkNode();
install();
build(); // tests start real processes
await import('../testbed/run-tests.mjs');
