/** What the console's API answers, for its clients. */
export type { CommandOutcomeView } from '@moola/console/commands/command-answers';
export type {
  DeadLetterPageView,
  DeadLetterView,
  OpenedDeadLetterView,
  RetryView,
} from '@moola/console/dead-letters/views';
export type { EnvironmentView, IncidentSummaryView, IncidentView } from '@moola/console/read-model/views';
