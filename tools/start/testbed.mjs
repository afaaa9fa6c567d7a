// `npm run testbed`: a real Kafka and a real Redis, until Ctrl-C.
import { checkNode, install } from './prepare.mjs';

checkNode();
await install();
await import('../testbed/testbed.mjs');
