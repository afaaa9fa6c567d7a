import { path } from '../../server/moola-server.js';

export const definitionsPath = (environment: string, ...more: string[]): string =>
  path('environments', environment, 'definitions', ...more);

export const kindArgument = ['<kind>', 'model, rule, value, playbook, route or infrastructure'] as const;
export const nameArgument = ['<name>', 'its name, as `moola definitions list` shows it'] as const;
