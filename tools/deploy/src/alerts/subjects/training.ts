import { alertsOfFile } from '../from-rule/alerts-of-file.js';

/** Training jobs: the rules that apply in Moola without a definition. */
export const trainingAlerts = alertsOfFile('examples/alerts/training.yaml', {
  PretrainingStalled: {
    summary: 'The training job {{ $labels.training_job }} of {{ $labels.model }} makes no progress.',
    ...{ wrong: [{ value: 2400, written: '40m 0s' }], right: 1800 },
  },
  PretrainingOOM: {
    summary: 'The training job {{ $labels.training_job }} of {{ $labels.model }} is out of memory, or will be soon.',
    ...{ wrong: [{ value: 0, written: '0s' }], right: 86_400 },
  },
  PretrainingCheckpointFailed: {
    summary: 'Checkpoints of the training job {{ $labels.training_job }} of {{ $labels.model }} fail.',
    ...{ wrong: [{ value: 2, written: '2' }], right: 1 },
  },
  PretrainingLongDuration: {
    summary: 'The training job {{ $labels.training_job }} of {{ $labels.model }} takes long.',
    ...{ wrong: [{ value: 18_000, written: '5h 0m 0s' }], right: 14_400 },
  },
});
