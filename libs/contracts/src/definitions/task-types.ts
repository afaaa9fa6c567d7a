import type { TaskType } from '@moola/metrics/task-type';
import { TaskType as Wire } from '../gen/moola/v1/definitions_pb.js';

const wire: Readonly<Record<TaskType, Wire>> = {
  binary: Wire.BINARY,
  multiclass: Wire.MULTICLASS,
  regression: Wire.REGRESSION,
  unlabelled: Wire.UNLABELLED,
};

export function wireTask(task: TaskType): Wire {
  return wire[task];
}

/** A definition from before there were tasks is of a binary model. */
export function taskOf(task: Wire | undefined): TaskType {
  switch (task) {
    case Wire.MULTICLASS:
      return 'multiclass';
    case Wire.REGRESSION:
      return 'regression';
    case Wire.UNLABELLED:
      return 'unlabelled';
    case undefined:
    case Wire.UNSPECIFIED:
    case Wire.BINARY:
      return 'binary';
  }
}
