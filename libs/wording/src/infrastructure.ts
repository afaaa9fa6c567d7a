import { spoken } from './durations.js';

/** How asking for a definition of kind Infrastructure goes. */
export interface AskedInfrastructure {
  readonly definition: string;
  readonly server: string;
  readonly intervalMs: number;
  readonly askedMs: number | null;
  readonly answeredMs: number | null;
  readonly instances: number;
  readonly problems: readonly string[];
}

/** `pods: 12 instances, from main every 30 s`. What is wrong is said beside it. */
export function askedText({ definition, server, intervalMs, askedMs, instances }: AskedInfrastructure): string {
  const how = `from ${server} every ${spoken(intervalMs)}`;
  if (askedMs === null)
    return `${definition}: not asked yet, ${how} (does a collector run, and does it read definitions?)`;
  return `${definition}: ${instances} instance${instances === 1 ? '' : 's'}, ${how}`;
}

/** Whether there is something to look at. */
export function isUnwell({ askedMs, instances, problems }: AskedInfrastructure): boolean {
  return askedMs !== null && (instances === 0 || problems.length > 0);
}
