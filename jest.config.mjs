import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';

const swc = JSON.parse(readFileSync(new URL('./.swcrc', import.meta.url), 'utf8'));

/** One Jest for all projects: sources are read through the `@moola/source` condition, so tests need no build. */
export default {
  testEnvironment: 'node',
  // A safety net, not a measure: machines are shared and slow at times.
  testTimeout: 180_000,
  // Many suites only wait for real processes: with a worker a core, cores idle.
  maxWorkers: Math.ceil(availableParallelism() * 1.5),
  testSequencer: '<rootDir>/tools/testbed/longest-first.mjs',
  testEnvironmentOptions: { customExportConditions: ['@moola/source', 'node', 'node-addons'] },
  globalSetup: '<rootDir>/tools/testbed/jest-setup.mjs',
  globalTeardown: '<rootDir>/tools/testbed/jest-teardown.mjs',
  roots: ['<rootDir>/apps', '<rootDir>/libs', '<rootDir>/tools'],
  testMatch: ['**/*.spec.ts'],
  testPathIgnorePatterns: ['/node_modules/', '/dist/'],
  modulePathIgnorePatterns: ['/dist/'],
  extensionsToTreatAsEsm: ['.ts'],
  transform: { '^.+\\.ts$': ['@swc/jest', { ...swc, swcrc: false }] },
  transformIgnorePatterns: ['/node_modules/(?!@moola/)'],
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
};
