import { setTimeout as delay } from 'node:timers/promises';
import { DeliveryOutcome } from '@moola/contracts/gen/moola/v1/actions_pb';
import { topicName, topics } from '@moola/contracts/topics';
import { createLogger } from '@moola/platform/logging/logger';
import { openStreams } from '@moola/platform/service/open-streams';
import type { DistributedSettings } from '@moola/platform/service/distributed-settings';
import type { EventLog } from '@moola/streams/ports/event-log';
import { rowsOf } from '../pipeline/rows-of.js';
import { testDefinitions, testedModel, testedRule } from './definitions.js';
import { deploymentEvent, secondOfEvents } from './telemetry.js';

export interface DeploymentTestOptions {
  /** The environment of the test alone; the services serve it. */
  readonly environment: string;
  /** Address of the console. */
  readonly server: string;
  readonly token: string | undefined;
  /** How long all of it may take, in milliseconds. */
  readonly withinMs: number;
  /** Told what was seen, as it is. */
  readonly say: (line: string) => void;
}

export interface DeploymentTestResult {
  /** Predictions that a snapshot counted. */
  readonly predictions: number;
  readonly alert: string;
  readonly incident: string;
  /** By which channel the test's notification went, as `terminal/deployment-test`. */
  readonly notified: string;
}

const eventsASecond = 20;
const againMs = 1000;

/**
 * Sends telemetry of a slow SimpleLSTM by Kafka, as a producer does, until a snapshot has counted it, its alert fires, an incident is
 * open, and its notification is delivered.
 * @throws Error that names the first of these that did not come
 */
export async function runDeploymentTest(
  settings: DistributedSettings,
  options: DeploymentTestOptions,
): Promise<DeploymentTestResult> {
  const { environment, say } = options;
  if (environment === 'live') throw new Error('the environment "live" is not for tests: name another one');
  const streams = await openStreams(settings, 'moola-deployment-test', createLogger('error', 'deployment-test'));
  const end = new AbortController();
  const deadline = Date.now() + options.withinMs;
  try {
    const console = new Console(options);
    await until(deadline, `the console does not serve the environment ${environment}`, () => console.environment());
    await console.define(testDefinitions);
    say(`defined ${testedModel}, its rule ${testedRule} and routes to the terminal`);
    const sending = send(streams.log, environment, end.signal);
    const steps = async (): Promise<DeploymentTestResult> => {
      const predictions = await until(deadline, `no snapshot of ${testedModel} came`, () => console.predictions());
      say(`a snapshot counts ${predictions} predictions`);
      const alert = await until(deadline, `the alert ${testedRule} did not fire`, () => console.firing());
      say(`alert ${testedRule} fires: ${alert}`);
      const incident = await until(deadline, 'no incident was opened', () => console.incident());
      say(`incident ${incident} is open`);
      const notified = await until(deadline, 'no notification was delivered', () => receipt(streams.log, environment));
      say(`its notification went to ${notified}`);
      return { predictions, alert, incident, notified };
    };
    return await Promise.race([steps(), sending]);
  } finally {
    end.abort();
    await streams.close();
  }
}

/** Never resolves: it ends by the signal, or rejects. */
async function send(log: EventLog, environment: string, signal: AbortSignal): Promise<never> {
  const partition = { topic: topicName(environment, topics.telemetry), partition: 0 };
  const run = `deployment-test-${Date.now().toString(36)}`;
  const write = (events: readonly unknown[]) => log.append(partition, [Buffer.from(JSON.stringify(events))]);
  const beganMs = Date.now();
  await write([deploymentEvent(beganMs - 60_000)]);
  for (let second = 0; !signal.aborted; second++) {
    await write(secondOfEvents(run, second, Date.now() - 500, eventsASecond));
    await delay(againMs, undefined, { signal }).catch(() => undefined);
  }
  return new Promise(() => undefined);
}

/** The first answer that is not null. @throws Error with `problem` and the last failure when there is none in time */
async function until<T>(deadline: number, problem: string, ask: () => Promise<T | null>): Promise<T> {
  let reason = '';
  do {
    try {
      const answer = await ask();
      if (answer !== null) return answer;
      reason = '';
    } catch (error) {
      reason = `: ${(error as Error).message}`;
    }
    await delay(againMs);
  } while (Date.now() < deadline);
  throw new Error(`${problem} in time${reason}`);
}

async function receipt(log: EventLog, environment: string): Promise<string | null> {
  for (const { kind } of await rowsOf(log, environment, topics.notifications)) {
    if (kind.case !== 'receipt' || kind.value.outcome !== DeliveryOutcome.DELIVERED) continue;
    return `${kind.value.channelKind}/${kind.value.channelName}`;
  }
  return null;
}

/** The parts of the read API that the test looks at. */
class Console {
  private readonly headers: Readonly<Record<string, string>>;
  private readonly base: string;

  constructor({ server, token, environment }: DeploymentTestOptions) {
    this.headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
    this.base = `${server.replace(/\/$/, '')}/api/v1/environments/${environment}`;
  }

  async environment(): Promise<true | null> {
    return (await this.read('')) === null ? null : true;
  }

  async define(text: string): Promise<void> {
    const body = JSON.stringify({ files: [{ file: 'deployment-test.yaml', yaml: text }] });
    const headers = { ...this.headers, 'content-type': 'application/json' };
    const answer = await fetch(`${this.base}/definitions`, { method: 'POST', headers, body });
    if (!answer.ok) throw new Error(`the console took no definitions (${answer.status}): ${await answer.text()}`);
  }

  async predictions(): Promise<number | null> {
    const model = await this.model();
    // The version's figures come with a snapshot.
    return model === null || model.versions.length === 0 ? null : model.counts.predictions || null;
  }

  async firing(): Promise<string | null> {
    const alerts = (await this.model())?.alerts ?? [];
    return alerts.find(({ rule, state }) => rule === testedRule && state === 'firing')?.title ?? null;
  }

  async incident(): Promise<string | null> {
    const incidents = await this.read<readonly { readonly id: string; readonly rule: string }[]>('/incidents');
    return incidents?.find(({ rule }) => rule === testedRule)?.id ?? null;
  }

  private model() {
    return this.read<{
      readonly versions: readonly unknown[];
      readonly counts: { readonly predictions: number };
      readonly alerts: readonly { readonly rule: string; readonly state: string; readonly title: string }[];
    }>(`/models/${testedModel}`);
  }

  private async read<T>(path: string): Promise<T | null> {
    const answer = await fetch(`${this.base}${path}`, { headers: this.headers, signal: AbortSignal.timeout(10_000) });
    if (answer.status === 404) return null;
    if (!answer.ok) throw new Error(`${this.base}${path} answers ${answer.status}`);
    return (await answer.json()) as T;
  }
}
