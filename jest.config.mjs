import { readFileSync } from 'node:fs';

const swc = JSON.parse(readFileSync(new URL('./.swcrc', import.meta.url), 'utf8'));

/** One Jest for all projects: sources are read through the `@moola/source` condition, so tests need no build. */
export default {
  testEnvironment: 'node',
  // A safety net, not a measure: machines are shared and slow at times.
  testTimeout: 180_000,
  // Some suites only wait for real processes. With more workers than cores the others take as much longer.
  maxWorkers: '100%',
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
