import { topicName, topics } from '@moola/contracts/topics';
import { decodeBatch } from '@moola/streams/processor/batch-codec';
import type { EventLog, TopicPartition } from '@moola/streams/ports/event-log';
import type { Refused } from './domain/refused.js';

/** What a door goes by, and whom it tells. */
export interface ModelAdmissionOptions {
  /** Models that nobody declared. */
  readonly most: number;
  /** Names of models of which anything is held, declared or not: those of before a restart. */
  readonly known?: ReadonlyMap<string, unknown>;
  readonly counts?: AdmissionCounts;
}

/** For metrics. */
export interface AdmissionCounts {
  /** So many models that nobody declared are let in. */
  admitted(models: number): void;
  /** An event of one model too many was refused. */
  refused(): void;
}

const readBytes = 1 << 20;

/**
 * Decides which models a door takes events of: every declared one, and so many that nobody declared. Each new name costs
 * memory in every service, so a producer that puts an id into it must not fill them.
 *
 * It stands at the door and not in a processor: its refusal belongs into the answer, and what was accepted is never dropped
 * afterwards. Whatever it decides, processors stay a function of the records that it lets through.
 */
export class ModelAdmission {
  private readonly declared = new Set<string>();
  /** Let in, and not declared. */
  private readonly undeclared = new Set<string>();
  private takenOver = 0;
  private next = 0;

  constructor(private readonly options: ModelAdmissionOptions) {}

  declare(model: string): void {
    this.declared.add(model);
    this.undeclared.delete(model);
  }

  /** Why an event of the model is not taken; `null` when it is. */
  refusal(model: string): Refused | null {
    if (this.declared.has(model) || this.undeclared.has(model)) return null;
    this.takeOver();
    if (this.undeclared.has(model)) return null;
    const { most, counts } = this.options;
    if (this.undeclared.size < most) {
      this.undeclared.add(model);
      counts?.admitted(this.undeclared.size);
      return null;
    }
    counts?.refused();
    const detail =
      `is a model that nobody declared, and ${most} of those send events already (MOOLA_MAXIMUM_UNDECLARED_MODELS): ` +
      'declare it (moola apply), and put no ids into the names of models';
    return { reason: 'too-many-models', field: 'model', detail };
  }

  /** Takes in what `definitions` declares so far. */
  async read(log: EventLog, environment: string): Promise<void> {
    const at = definitionsOf(environment);
    const { next: end } = await log.bounds(at);
    while (this.next < end) {
      const { records } = await log.read(at, this.next, readBytes);
      for (const { offset, value } of records) {
        for (const { name, kind } of decodeBatch(value, topics.definitions.codec).data)
          if (kind.case === 'model') this.declare(name);
        this.next = offset + 1;
      }
      if (records.length === 0) return;
    }
  }

  /** Goes on with what is declared from now on, until the signal aborts. */
  async follow(log: EventLog, environment: string, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await this.read(log, environment);
      await log.waitFor(definitionsOf(environment), this.next, signal);
    }
  }

  private takeOver(): void {
    const { known, counts } = this.options;
    if (known === undefined || known.size === this.takenOver) return;
    this.takenOver = known.size;
    for (const name of known.keys()) if (!this.declared.has(name)) this.undeclared.add(name);
    counts?.admitted(this.undeclared.size);
  }
}

const definitionsOf = (environment: string): TopicPartition => ({
  ...{ topic: topicName(environment, topics.definitions), partition: 0 },
});
