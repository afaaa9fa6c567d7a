import { create } from '@bufbuild/protobuf';
import { TokenEventSchema, type TokenEvent } from '@moola/contracts/gen/moola/v1/tokens_pb';
import { installationTopicName, installationTopics } from '@moola/contracts/topics';
import { decodeBatch, externalBatch } from '@moola/streams/processor/batch-codec';
import type { Clock } from '@moola/streams/ports/clock';
import { OffsetOutOfRangeError, type EventLog } from '@moola/streams/ports/event-log';
import type { InstallationKey } from '../../dead-letters/seal.js';
import { unknown, type Authentication, type Authenticator } from '../authenticator.js';
import type { Role } from '../role.js';
import { accessRoles, stateOf, TokenBook, type KnownToken, type TokenState } from './token-book.js';
import { TokenSeal } from './token-seal.js';
import { idIn, newTokenText, tokenPrefix } from './token-text.js';

/** `2026-11-30 18:00 UTC`. */
const utc = (atMs: number): string => `${new Date(atMs).toISOString().slice(0, 16).replace('T', ' ')} UTC`;

/** What a new token is to be. */
export interface NewToken {
  readonly name: string;
  readonly role: Role;
  /** `null`: every environment. */
  readonly environments: readonly string[] | null;
  /** `null`: never. */
  readonly expiresAtMs: number | null;
}

export interface ApiTokensOptions {
  readonly log: EventLog;
  readonly key: InstallationKey;
  readonly clock: Pick<Clock, 'nowMs'>;
  /** Told of a record that counts for nothing, and why. */
  readonly ignored?: (problem: string) => void;
}

const topic = installationTopics.tokens;
const at = { topic: installationTopicName(topic), partition: 0 };
const readBytes = 1 << 20;

/**
 * Named tokens. They are records of one topic that every process with an HTTP server reads from its first record on, so a
 * revocation counts everywhere as soon as it is read. The topic holds hashes, and no token.
 */
export class ApiTokens implements Authenticator {
  private readonly book = new TokenBook();
  private readonly seal: TokenSeal;
  private next: number | null = null;
  private caughtUp = false;

  constructor(private readonly options: ApiTokensOptions) {
    this.seal = new TokenSeal(options.key);
  }

  authenticate(text: string): Authentication {
    const id = idIn(text);
    if (id === null) return unknown;
    const token = this.book.get(id);
    if (token === undefined || !this.seal.isHashOf(token.hash, text)) {
      if (this.caughtUp) return unknown;
      return { kind: 'unavailable', message: 'the API tokens have not been read yet: ask again in a few seconds' };
    }
    const { name, role, environments, expiresAtMs } = token;
    const state = this.stateOf(token);
    if (state === 'in force')
      return { kind: 'authenticated', subject: { by: 'api token', name, role, environments, expiresAtMs } };
    const when = utc((state === 'revoked' ? token.revoked?.atMs : expiresAtMs) ?? 0);
    const what = state === 'revoked' ? `was revoked on ${when}` : `expired on ${when}`;
    const make = `moola tokens create ${name} --role ${role}`;
    return {
      kind: 'refused',
      message: `the token ${tokenPrefix(id)}… of ${name} ${what}: somebody with the role admin makes a new one with "${make}"`,
    };
  }

  /** Takes in what the topic holds so far. */
  async read(): Promise<void> {
    const { log } = this.options;
    this.next ??= (await log.bounds(at)).first;
    const { next: end } = await log.bounds(at);
    while (this.next < end) {
      try {
        const { records } = await log.read(at, this.next, readBytes);
        for (const { offset, value } of records) {
          this.take(offset, value);
          this.next = offset + 1;
        }
        if (records.length === 0) break;
      } catch (error) {
        if (!(error instanceof OffsetOutOfRangeError)) throw error;
        this.next = error.bounds.first;
      }
    }
    // The topic was made anew: what stood in the other one is no longer decided.
    if (this.next > end) {
      this.book.clear();
      this.next = null;
      return this.read();
    }
    this.caughtUp = true;
  }

  /** Goes on with what comes, until the signal aborts. */
  async follow(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await this.read();
      await this.options.log.waitFor(at, this.next ?? 0, signal);
    }
  }

  /** Makes a token. @returns its text, which nothing holds afterwards. @param by who does it */
  async create(wanted: NewToken, by: string): Promise<{ readonly text: string; readonly token: KnownToken }> {
    const { id, text } = newTokenText();
    const { name, role, environments, expiresAtMs } = wanted;
    await this.write(
      create(TokenEventSchema, {
        ...{ id, by, atMs: this.nowMs() },
        kind: {
          case: 'created',
          value: {
            ...{ name, role: accessRoles[role], environments: [...(environments ?? [])] },
            ...{ expiresAtMs: expiresAtMs ?? 0, hash: this.seal.hash(text) },
          },
        },
      }),
    );
    return { text, token: this.known(id) };
  }

  /** Ends a token for good; one that is revoked already stays as it is. `null` when there is none. @param by who does it */
  async revoke(id: string, by: string): Promise<KnownToken | null> {
    const token = this.book.get(id);
    if (token === undefined) return null;
    if (token.revoked === null) {
      const revoked = { case: 'revoked', value: {} } as const;
      await this.write(create(TokenEventSchema, { id, by, atMs: this.nowMs(), kind: revoked }));
    }
    return this.known(id);
  }

  /** Those that were revoked and those that have expired too, the newest first. */
  list(): readonly KnownToken[] {
    return this.book.all();
  }

  /** By the clock that tokens expire by. */
  stateOf(token: KnownToken): TokenState {
    return stateOf(token, this.nowMs());
  }

  nowMs(): number {
    return this.options.clock.nowMs();
  }

  private known(id: string): KnownToken {
    const token = this.book.get(id);
    if (token === undefined) throw new Error(`token ${id} was written and is not known`);
    return token;
  }

  private async write(event: TokenEvent): Promise<void> {
    const { log } = this.options;
    await log.append(at, externalBatch(topic, [{ kind: 'data', value: this.seal.signed(event) }]), 'person');
    await log.flushed();
    // Here it counts at once.
    this.book.take(event);
  }

  private take(offset: number, value: Uint8Array): void {
    const ignored = (why: string): void =>
      this.options.ignored?.(`record ${offset} of ${at.topic} ${why}: it counts for nothing`);
    let records;
    try {
      records = decodeBatch(value, topic.codec).data;
    } catch {
      return ignored('cannot be read');
    }
    for (const record of records) {
      const event = this.seal.opened(record);
      if (event === null) ignored('is not signed with MOOLA_INSTALLATION_KEY');
      else this.book.take(event);
    }
  }
}
