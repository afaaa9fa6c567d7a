import { nearest } from '@moola/contracts/definitions/nearest';

const mostListed = 5;

/**
 * Says which models of a log the definitions do not declare, and when none of its rows is of the one that is asked for.
 * @param predictions how many there are of each model
 * @param watched models of which there are training jobs or instances
 * @param asked `null`: no single one
 */
export function undeclaredModels(
  files: { readonly log: string; readonly definitions: string },
  predictions: ReadonlyMap<string, number>,
  watched: ReadonlySet<string>,
  asked: string | null,
  declared: ReadonlySet<string>,
): readonly string[] {
  const undeclared = [...predictions].filter(([model]) => !declared.has(model));
  const more = undeclared.length - mostListed;
  return [
    ...undeclared.slice(0, mostListed).map(([model, count]) => {
      const meant = nearest(model, [...declared]);
      const hint = meant === null ? '' : `: did you mean "${meant}"?`;
      return `${files.log}: ${count} predictions are of the model "${model}", which ${files.definitions} does not declare${hint}`;
    }),
    ...(more > 0 ? [`${files.log}: and ${more} more models that ${files.definitions} does not declare`] : []),
    ...(asked === null || predictions.has(asked) || watched.has(asked)
      ? []
      : [`${files.log}: no prediction is of the model "${asked}"`]),
  ];
}
