import { setTimeout as sleep } from 'node:timers/promises';
import { ActionOutcome, type MoveAlias } from '@moola/contracts/gen/moola/v1/actions_pb';
import {
  countsVersions,
  isVersion,
  type AliasRead,
  type RegistryClient,
  type RegistryVersion,
} from './registry-client.js';

/** What became of an action, with one line for the incident's record. */
export interface ActionOutcomeText {
  readonly outcome: ActionOutcome;
  readonly detail: string;
}

/**
 * Moves an alias `from` → `to`, and leaves it alone when it points anywhere else. There is no compare-and-set in MLflow:
 * it reads, writes and reads back. A write whose answer was lost is never written again, only read back.
 */
export async function moveAlias(
  registry: RegistryClient,
  move: MoveAlias,
  readBackAfterMs: readonly number[],
  signal: AbortSignal,
): Promise<ActionOutcomeText> {
  const { registeredModel, alias, from, to } = move;
  const name = `${registeredModel}@${alias}`;
  const before = await readUntilAnswered(registry, move, readBackAfterMs, signal);
  if (before.kind !== 'points') return failed(`${name} could not be read, and was not touched: ${before.detail}`);
  if (isVersion(before.at, to)) return done(`${name} points at ${to} already`);
  if (!isVersion(before.at, from)) {
    return failed(
      `${name} points at ${shown(before.at)}, not at ${from}: somebody else has moved it, and it was left there`,
    );
  }

  const version = countsVersions(before.at) ? await registry.numberOf(registeredModel, to, signal) : to;
  if (version === null) {
    return failed(
      `${registeredModel} has no version with the tag moola.version = ${to}; tag it, or name versions v1, v2 …`,
    );
  }
  const written = await registry.write(registeredModel, alias, version, signal);
  if (written.kind === 'refused') return failed(`${name} was not moved: ${written.detail}`);

  const after = await readBack(registry, move, readBackAfterMs, signal);
  const lost = written.kind === 'unanswered' ? `; the answer to the write was lost (${written.detail})` : '';
  if (after.kind === 'points' && isVersion(after.at, to)) return done(`${name} moved from ${from} to ${to}${lost}`);
  if (after.kind === 'points' && !isVersion(after.at, from)) {
    return failed(
      `${name} points at ${shown(after.at)} after it was moved to ${to}: somebody else has moved it${lost}`,
    );
  }
  const read =
    after.kind === 'points' ? `it reads back as ${shown(after.at)}` : `it could not be read back: ${after.detail}`;
  return { outcome: ActionOutcome.UNKNOWN, detail: `${name} was to move from ${from} to ${to}, and ${read}${lost}` };
}

/** Reading is safe: it is tried as often as there are waits. */
async function readUntilAnswered(
  registry: RegistryClient,
  { registeredModel, alias }: MoveAlias,
  waitsMs: readonly number[],
  signal: AbortSignal,
): Promise<AliasRead> {
  let read = await registry.read(registeredModel, alias, signal);
  for (const waitMs of waitsMs) {
    if (read.kind !== 'unreadable') break;
    await sleep(waitMs, undefined, { signal });
    read = await registry.read(registeredModel, alias, signal);
  }
  return read;
}

/** Until it no longer says `from`, or the waits are over. */
async function readBack(
  registry: RegistryClient,
  { registeredModel, alias, from }: MoveAlias,
  waitsMs: readonly number[],
  signal: AbortSignal,
): Promise<AliasRead> {
  let read = await registry.read(registeredModel, alias, signal);
  for (const waitMs of waitsMs) {
    if (read.kind === 'points' && !isVersion(read.at, from)) break;
    await sleep(waitMs, undefined, { signal });
    read = await registry.read(registeredModel, alias, signal);
  }
  return read;
}

function shown(at: RegistryVersion): string {
  return at.tag === '' || at.tag === at.version ? at.version : `${at.tag} (version ${at.version})`;
}

function done(detail: string): ActionOutcomeText {
  return { outcome: ActionOutcome.DONE, detail };
}

function failed(detail: string): ActionOutcomeText {
  return { outcome: ActionOutcome.FAILED, detail };
}
