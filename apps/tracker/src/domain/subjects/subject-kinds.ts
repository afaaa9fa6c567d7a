import type { EventCase, EventValue } from '@moola/contracts/event-kinds/event-kind';
import type { SubjectName } from '@moola/metrics/subject-metric';
import { instances } from '../instances/instances.js';
import { jobs } from '../jobs/jobs.js';
import { measurements } from '../measurements/measurements.js';
import type { SubjectKind } from './subject-kind.js';

/** Kinds of events that are reports of something beside versions. */
export type ReportCase = Exclude<EventCase, 'prediction' | 'outcome' | 'deployment'>;

/** What is watched beside versions, by the kind of events that tell of it. */
export const subjectKinds: { readonly [C in ReportCase]: SubjectKind<SubjectName, unknown, EventValue<C>> } = {
  trainingProgress: jobs,
  infrastructureSample: instances,
  measurement: measurements,
};
