import {
  ActionIntentSchema,
  DeliveryIntentSchema,
  type ActionIntent,
  type DeliveryIntent,
} from './gen/moola/v1/actions_pb.js';
import { DeadLetterSchema, type DeadLetter } from './gen/moola/v1/dead_letters_pb.js';
import { DefinitionSchema, type Definition } from './gen/moola/v1/definitions_pb.js';
import {
  IncidentEventSchema,
  NotificationSchema,
  type IncidentEvent,
  type Notification,
} from './gen/moola/v1/incidents_pb.js';
import { KpiSchema, type Kpi } from './gen/moola/v1/kpis_pb.js';
import { SignalSchema, type Signal } from './gen/moola/v1/signals_pb.js';
import { PairRowSchema, type PairRow } from './gen/moola/v1/pairs_pb.js';
import { TokenRecordSchema, type TokenRecord } from './gen/moola/v1/tokens_pb.js';
import type { Snapshot } from './gen/moola/v1/snapshots_pb.js';
import { foreignRecordCodec, type ForeignRecord } from './foreign-record.js';
import { intakeCodec } from './intake-codec.js';
import { messageCodec } from './message-codec.js';
import { observationsCodec } from './observations-codec.js';
import type { IntakeRow, ObservationRow } from './rows.js';
import { snapshotCodec } from './snapshot-codec.js';
import type { Topic } from './topic.js';

export { installationTopicName, topicName } from './topic-name.js';

/** Every topic of an environment, once: its short name and what its rows are. */
export const topics = {
  /** Written by foreign producers, with any key and any partitioning: a record is what they wrote. */
  telemetry: { name: 'telemetry', codec: foreignRecordCodec } as Topic<ForeignRecord>,
  intake: { name: 'intake', codec: intakeCodec } as Topic<IntakeRow>,
  observations: { name: 'observations', codec: observationsCodec } as Topic<ObservationRow>,
  snapshots: { name: 'snapshots', codec: snapshotCodec } as Topic<Snapshot>,
  pairs: { name: 'pairs', codec: messageCodec(PairRowSchema) } as Topic<PairRow>,
  kpis: { name: 'kpis', codec: messageCodec(KpiSchema) } as Topic<Kpi>,
  signals: { name: 'signals', codec: messageCodec(SignalSchema) } as Topic<Signal>,
  incidents: { name: 'incidents', codec: messageCodec(IncidentEventSchema) } as Topic<IncidentEvent>,
  actions: { name: 'actions', codec: messageCodec(ActionIntentSchema) } as Topic<ActionIntent>,
  notifications: { name: 'notifications', codec: messageCodec(NotificationSchema) } as Topic<Notification>,
  deliveries: { name: 'deliveries', codec: messageCodec(DeliveryIntentSchema) } as Topic<DeliveryIntent>,
  definitions: { name: 'definitions', codec: messageCodec(DefinitionSchema) } as Topic<Definition>,
  deadLetters: { name: 'dead-letters', codec: messageCodec(DeadLetterSchema) } as Topic<DeadLetter>,
} as const;

/** Topics that there are once for all environments. */
export const installationTopics = {
  /** Who may do what: the API tokens, by their hashes. */
  tokens: { name: 'tokens', codec: messageCodec(TokenRecordSchema) } as Topic<TokenRecord>,
} as const;
