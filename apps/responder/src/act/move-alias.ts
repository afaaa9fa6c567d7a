import { setTimeout as sleep } from 'node:timers/promises';
import { ActionOutcome, type MoveAlias } from '@moola/contracts/gen/moola/v1/actions_pb';
import { findTarget, type Target } from './find-target.js';
import type { AliasRead, RegistryClient } from './registry-client.js';
import { shown } from './registry-version.js';

/** What became of an action, with one line for the incident's record. */
export interface ActionOutcomeText {
  readonly outcome: ActionOutcome;
  readonly detail: string;
}

/**
 * Moves an alias `from` → `to`, and leaves it alone when it points anywhere else. It writes only what it knows for
 * certain: what it could not look up completely is worth another attempt, with nothing touched. There is no
 * compare-and-set in MLflow: it reads, writes and reads back. A write whose answer was lost is never written again, only
 * read back.
 */
export async function moveAlias(
  registry: RegistryClient,
  move: MoveAlias,
  readBackAfterMs: readonly number[],
  signal: AbortSignal,
): Promise<ActionOutcomeText> {
  const { registeredModel, alias, from, to } = move;
  const name = `${registeredModel}@${alias}`;
  const target = await findUntilCertain(registry, move, readBackAfterMs, signal);
  switch (target.kind) {
    case 'uncertain':
      return retryable(`${name} was not moved: ${target.detail}`);
    case 'impossible':
      return failed(`${name} was not moved: ${target.detail}`);
    case 'reached':
      return done(`${name} points at ${to} already`);
    case 'known':
      break;
  }

  const written = await registry.write(registeredModel, alias, target.version, signal);
  if (written.kind === 'refused') return failed(`${name} was not moved: ${written.detail}`);
  if (written.kind === 'not now') return retryable(`${name} was not moved: ${written.detail}`);

  const after = await readBack(registry, move, target, readBackAfterMs, signal);
  const lost = written.kind === 'unanswered' ? `; the answer to the write was lost (${written.detail})` : '';
  if (after.kind === 'points' && after.at.version === target.version) {
    return done(`${name} moved from ${from} to ${to}${lost}`);
  }
  if (after.kind === 'points' && after.at.version !== target.before) {
    return failed(
      `${name} points at ${shown(after.at)} after it was moved to ${to}: somebody else has moved it${lost}`,
    );
  }
  const read =
    after.kind === 'points' ? `it reads back as ${shown(after.at)}` : `it could not be read back: ${after.detail}`;
  return { outcome: ActionOutcome.UNKNOWN, detail: `${name} was to move from ${from} to ${to}, and ${read}${lost}` };
}

/** Looking up is safe: it is tried as often as there are waits. */
async function findUntilCertain(
  registry: RegistryClient,
  move: MoveAlias,
  waitsMs: readonly number[],
  signal: AbortSignal,
): Promise<Target> {
  let target = await findTarget(registry, move, signal);
  for (const waitMs of waitsMs) {
    if (target.kind !== 'uncertain') break;
    await sleep(waitMs, undefined, { signal });
    target = await findTarget(registry, move, signal);
  }
  return target;
}

/** Until it no longer says what it said before, or the waits are over. */
async function readBack(
  registry: RegistryClient,
  { registeredModel, alias }: MoveAlias,
  { before }: Extract<Target, { kind: 'known' }>,
  waitsMs: readonly number[],
  signal: AbortSignal,
): Promise<AliasRead> {
  let read = await registry.read(registeredModel, alias, signal);
  for (const waitMs of waitsMs) {
    if (read.kind === 'points' && read.at.version !== before) break;
    await sleep(waitMs, undefined, { signal });
    read = await registry.read(registeredModel, alias, signal);
  }
  return read;
}

function done(detail: string): ActionOutcomeText {
  return { outcome: ActionOutcome.DONE, detail };
}

function failed(detail: string): ActionOutcomeText {
  return { outcome: ActionOutcome.FAILED, detail };
}

function retryable(detail: string): ActionOutcomeText {
  return { outcome: ActionOutcome.RETRYABLE, detail };
}
