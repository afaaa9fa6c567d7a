// `node --import <this file> x.ts`: runs TypeScript sources without a build, for tests that start real processes.
import { register } from 'node:module';

register('./hooks.mjs', import.meta.url);
