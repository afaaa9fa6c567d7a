/** What the console's API answers, for its clients. */
export type {
  CommandOutcomeView,
  DefinitionsDeleted as DefinitionsDeletedView,
  DefinitionView,
} from '@moola/console/commands/views';
export type {
  DeadLetterPageView,
  DeadLetterView,
  OpenedDeadLetterView,
  RetryView,
} from '@moola/console/dead-letters/views';
export type { HistoryOverview, HistoryRowsView } from '@moola/console/history/api/views';
export type { CreatedTokenView, MeView, TokenView } from '@moola/console/tokens/views';
export type { AlertQualityView, RuleQualityView } from '@moola/console/read-model/alert-quality-views';
export type {
  BreakdownView,
  ClassFiguresView,
  ResidualHistogramView,
  SegmentFiguresView,
} from '@moola/console/read-model/breakdown-views';
export type { EnvironmentView } from '@moola/console/read-model/environment-views';
export type {
  EstimateView,
  InfrastructureView,
  InstanceView,
  JobSummaryView,
  JobView,
  MeasurementView,
} from '@moola/console/read-model/subject-views';
export type {
  DecisionView,
  IncidentSummaryView,
  IncidentView,
  VerdictView,
} from '@moola/console/read-model/incident-views';
