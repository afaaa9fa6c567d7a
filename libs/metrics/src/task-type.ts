/**
 * What a model answers: one of two classes, one of several, a number; `unlabelled`: anything whose truth never becomes
 * known.
 */
export const taskTypes = ['binary', 'multiclass', 'regression', 'unlabelled'] as const;
export type TaskType = (typeof taskTypes)[number];

/** Tasks whose answer is a class. */
export const classifiers: readonly TaskType[] = ['binary', 'multiclass'];
/** Whether a label, which has a class or a number, is one of the task. */
export function isOfTask(
  task: TaskType,
  { class: answer, value }: { readonly class: string; readonly value: number },
): boolean {
  return task === 'regression' ? !Number.isNaN(value) : answer !== '' && classifiers.includes(task);
}

/** Tasks whose truths become known. */
export const labelledTasks: readonly TaskType[] = ['binary', 'multiclass', 'regression'];
