/** The console's API over rows of a test's own, for the tests of its clients. */
export { ConsoleServer, testKey } from '@moola/console/testing/console-server';
