import { definitionKinds } from '@moola/contracts/definitions/in-force';
import { path } from '../../server/moola-server.js';

export const definitionsPath = (environment: string, ...more: string[]): string =>
  path('environments', environment, 'definitions', ...more);

const [last] = definitionKinds.slice(-1);
export const kindArgument = ['<kind>', `${definitionKinds.slice(0, -1).join(', ')} or ${last}`] as const;
export const nameArgument = ['<name>', 'its name, as `moola definitions list` shows it'] as const;
