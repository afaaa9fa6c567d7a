import { create, type MessageInitShape } from '@bufbuild/protobuf';
import { RouteDefinitionSchema, Severity, type RouteDefinition } from '@moola/contracts/gen/moola/v1/definitions_pb';

const route = (fields: MessageInitShape<typeof RouteDefinitionSchema>): RouteDefinition =>
  create(RouteDefinitionSchema, fields);

const { INFO, WARNING, CRITICAL } = Severity;
const slack = (name: string) => ({ kind: 'slack', name });
const email = (name: string) => ({ kind: 'email', name });
const pagerDuty = (name: string) => ({ kind: 'pagerduty', name });

/**
 * What holds until the first route is declared, by name: INFO to Slack, WARNING to e-mail as well, CRITICAL and EMERGENCY
 * to PagerDuty as well. Whoever configures `slack/team`, `email/team` or `pagerduty/on-call` is told without declaring
 * anything; a channel that is not configured is replaced by the terminal, as everywhere.
 */
export const defaultRoutes: readonly (readonly [name: string, definition: RouteDefinition])[] = [
  ['chat', route({ audience: 'team', minimumSeverity: INFO, channels: [slack('team'), email('team')] })],
  ['executive', route({ audience: 'executive', minimumSeverity: INFO, channels: [email('executive')] })],
  ['mail', route({ audience: 'team', minimumSeverity: WARNING, channels: [email('team'), slack('team')] })],
  ['manager', route({ audience: 'manager', minimumSeverity: INFO, channels: [email('manager'), slack('team')] })],
  ['on-call', route({ audience: 'team', minimumSeverity: CRITICAL, channels: [pagerDuty('on-call'), email('team')] })],
];

/** For an audience and model that no declared route covers: nothing is lost in silence, nobody is paged by accident. */
export const unrouted: RouteDefinition = route({ channels: [{ kind: 'terminal', name: 'unrouted' }] });
