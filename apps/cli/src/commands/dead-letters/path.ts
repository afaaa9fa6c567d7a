import { path } from '../../server/moola-server.js';

export const deadLettersPath = (environment: string, ...more: string[]): string =>
  path('environments', environment, 'dead-letters', ...more);
