import { dataPaths } from '../process/data-paths.js';
import type { Installation } from '../process/installation.js';
import type { StoryOptions } from './play-story.js';

/** Where a story is played: one environment of an installation. */
export function stageOf(
  { data, registry, folds, anonymisation }: Installation,
  environment: string,
  folder: string,
): Pick<StoryOptions, 'log' | 'store' | 'registry' | 'fold' | 'environment' | 'postMortems' | 'anonymisation'> {
  const fold = folds.get(environment) ?? null;
  return {
    ...{ log: data.log, store: data.store, registry, fold, environment },
    ...(anonymisation && { anonymisation }),
    postMortems: dataPaths(folder).postMortems(environment),
  };
}
