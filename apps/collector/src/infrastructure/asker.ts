import { create } from '@bufbuild/protobuf';
import { InfrastructureStateSchema, SignalSchema, type Signal } from '@moola/contracts/gen/moola/v1/signals_pb';
import type { Clock } from '@moola/streams/ports/clock';
import type { IngestService } from '../receive/ingest-service.js';
import { askOnce, type Asking, type Round } from './ask-once.js';
import { nextInstant } from './domain/schedule.js';
import type { InfrastructureMetrics } from './infrastructure-metrics.js';
import type { Places } from './places.js';
import { serverId, urlVariableOf, type PrometheusServers } from './prometheus-servers.js';

export interface AskerDependencies {
  readonly environment: string;
  readonly clock: Clock;
  /** 0 to 1, exclusive. */
  readonly random: () => number;
  readonly servers: PrometheusServers;
  /** Shared by all definitions that ask the same server. */
  readonly places: Places;
  readonly ingest: Pick<IngestService, 'appendEvents'>;
  /** Writes how it goes; what it throws is said and forgotten: the next state says more. */
  readonly publish: (state: Signal) => Promise<void>;
  readonly metrics: InfrastructureMetrics | undefined;
  readonly timeoutMs: number;
}

/** A state that says nothing new is written again after so long. */
const repeatedAfterMs = 60_000;
const mostProblems = 8;

/** Asks for one definition, at its interval, one question at a time, until it is stopped. */
export class Asker {
  private readonly stopping = new AbortController();
  private readonly unwatch: () => void;
  private readonly begunMs: number;
  private cancel: () => void = () => undefined;
  private round: Promise<void> = Promise.resolve();
  private failures = 0;
  private answeredMs: number | null = null;
  private instances = 0;
  private problems: readonly string[] = [];
  private published: { readonly atMs: number; readonly text: string } | null = null;

  constructor(
    readonly asking: Asking,
    private readonly dependencies: AskerDependencies,
  ) {
    const { environment, clock, metrics } = dependencies;
    this.begunMs = clock.nowMs();
    this.unwatch =
      metrics?.watch(() => ({
        ...{ environment, definition: asking.name, instances: this.instances, problems: this.problems.length },
        withoutAnswerSinceMs: this.answeredMs ?? this.begunMs,
      })) ?? (() => undefined);
    this.schedule();
  }

  /** Resolves when nothing is under way any more. */
  async stop(): Promise<void> {
    this.stopping.abort();
    this.cancel();
    this.unwatch();
    await this.round;
  }

  private schedule(): void {
    if (this.stopping.signal.aborted) return;
    const { clock, random } = this.dependencies;
    const { name, definition } = this.asking;
    const nowMs = clock.nowMs();
    const atMs = nextInstant({ name, intervalMs: definition.intervalMs }, nowMs, this.failures, random());
    this.cancel = clock.after(atMs - nowMs, () => {
      this.round = this.dependencies.places
        .run(() => this.ask(atMs), this.stopping.signal)
        .catch((error: unknown) => this.failed(atMs, `unexpected: ${(error as Error).message}`))
        .then(() => this.schedule());
    });
  }

  private async ask(atMs: number): Promise<void> {
    const { servers, clock, timeoutMs } = this.dependencies;
    const { signal } = this.stopping;
    if (signal.aborted) return;
    const { server: name } = this.asking.definition;
    const server = servers.get(serverId(name));
    if (server === undefined) {
      return this.failed(atMs, `no Prometheus "${name}" is configured: set ${urlVariableOf(name)} of the collector`);
    }
    const round = await askOnce(this.asking, server, atMs, { clock, timeoutMs, signal });
    // What was called off says nothing of the server.
    if (signal.aborted) return;
    await this.take(atMs, round);
  }

  private async take(atMs: number, round: Round): Promise<void> {
    const { environment, metrics, ingest, clock } = this.dependencies;
    const problems = [...round.problems];
    let instances = round.instances;
    if (round.events.length > 0) {
      const answers = await ingest.appendEvents(round.events, clock.nowMs());
      if (answers.kind === 'answered') {
        const refused = answers.answers.flatMap((answer) => (answer.accepted ? [] : [answer.refused]));
        metrics?.took(environment, this.asking.name, round.events.length - refused.length, round.valuesDropped);
        const [first] = refused;
        if (first !== undefined)
          problems.push(`${refused.length} samples were refused: ${first.field} ${first.detail}`);
        if (refused.length === round.events.length) instances = 0;
      } else {
        instances = 0;
        problems.push(`the samples could not be written: ${answers.detail}`);
      }
    } else metrics?.took(environment, this.asking.name, 0, round.valuesDropped);
    if (instances > 0) this.answeredMs = atMs;
    this.failures = round.isAway ? this.failures + 1 : 0;
    metrics?.asked(environment, this.asking.name, round.isAway ? 'failed' : instances > 0 ? 'answered' : 'empty');
    await this.tell(atMs, instances, problems, round.valuesDropped);
  }

  private async failed(atMs: number, problem: string): Promise<void> {
    this.failures++;
    this.dependencies.metrics?.asked(this.dependencies.environment, this.asking.name, 'failed');
    await this.tell(atMs, 0, [problem], 0);
  }

  private async tell(
    atMs: number,
    instances: number,
    problems: readonly string[],
    valuesDropped: number,
  ): Promise<void> {
    this.instances = instances;
    this.problems = problems.slice(0, mostProblems);
    const text = JSON.stringify([instances, valuesDropped, this.problems]);
    const { published } = this;
    if (published !== null && published.text === text && atMs < published.atMs + repeatedAfterMs) return;
    const { name, version, definition } = this.asking;
    const value = create(InfrastructureStateSchema, {
      ...{ definition: name, version, askedMs: atMs, instances, valuesDropped, problems: [...this.problems] },
      ...(this.answeredMs !== null && { answeredMs: this.answeredMs }),
    });
    const kind = { case: 'infrastructure' as const, value };
    await this.dependencies.publish(create(SignalSchema, { atMs, model: definition.model, kind }));
    this.published = { atMs, text };
  }
}
