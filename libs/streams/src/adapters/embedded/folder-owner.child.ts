import { openEmbedded } from './open-embedded.js';

/** Holds a data folder until it is killed. */
const { failed } = await openEmbedded({ folder: process.argv[2] as string });
process.stdout.write('{"open":true}\n');
setInterval(() => undefined, 1000);
await failed;
