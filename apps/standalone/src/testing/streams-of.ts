import { createLogger } from '@moola/platform/logging/logger';
import { openStreams, type Streams } from '@moola/platform/service/open-streams';
import { readServiceSettings } from '@moola/platform/service/read-service-settings';
import type { Fleet } from '@moola/testbed/fleet';

/** The log and the store of a fleet, as one of its processes opens them. */
export async function streamsOf(fleet: Fleet): Promise<Streams> {
  const read = readServiceSettings({ settings: {} }, fleet.variablesWith({}), () => '');
  if (!read.ok) throw new Error(read.problems.join('\n'));
  return openStreams(read.settings, 'test', createLogger('error', 'test'));
}
