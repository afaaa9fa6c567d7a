import { Cluster } from './connection/cluster.js';
import { KafkaLog } from './kafka-log.js';
import type { KafkaNotices } from './kafka-notices.js';
import { withDefaults, type KafkaSettings } from './kafka-settings.js';

/**
 * Opens the log on a Kafka cluster. Connections are made when they are used, and made anew when they fail.
 * @param notices what an operator should know: everything that is tried again, and what becomes of memberships.
 */
export function openKafkaLog(settings: KafkaSettings, notices: KafkaNotices = () => undefined): KafkaLog {
  return new KafkaLog(new Cluster(withDefaults(settings), notices));
}
