import { create } from '@bufbuild/protobuf';
import {
  ActionOutcome,
  ActionResultSchema,
  type ActionIntent,
  type ActionResult,
} from '@moola/contracts/gen/moola/v1/actions_pb';
import { moveAlias, type ActionOutcomeText } from './move-alias.js';
import type { RegistryClient } from './registry-client.js';

/** What carrying out an action needs. */
export interface ActionDependencies {
  /** `null` where no registry is configured. */
  readonly registry: RegistryClient | null;
  /** Wall time, milliseconds since the epoch. */
  nowMs(): number;
  /** Waits before reading an alias back, each one longer; as many reads as there are. Milliseconds. */
  readonly readBackAfterMs: readonly number[];
}

/**
 * Carries one intent out, idempotently, and says what became of it. It decides nothing: what follows is the
 * responder's to say.
 * @throws when `signal` aborts: then there is no result, and the intent is taken up again by whoever owns it next.
 */
export async function perform(
  dependencies: ActionDependencies,
  intent: ActionIntent,
  signal: AbortSignal,
): Promise<ActionResult> {
  const { outcome, detail } = await outcomeOf(dependencies, intent, signal);
  const { incident, step, attempt, atMs } = intent;
  return create(ActionResultSchema, { incident, step, attempt, outcome, detail, intentAtMs: atMs });
}

async function outcomeOf(
  dependencies: ActionDependencies,
  intent: ActionIntent,
  signal: AbortSignal,
): Promise<ActionOutcomeText> {
  const lateMs = dependencies.nowMs() - (intent.atMs + intent.expiresAfterMs);
  if (intent.expiresAfterMs > 0 && lateMs > 0) {
    const detail = `it was taken up ${Math.ceil(lateMs / 1000)} s after it had expired; nothing was touched`;
    return { outcome: ActionOutcome.EXPIRED, detail };
  }
  switch (intent.kind.case) {
    case 'moveAlias':
      if (dependencies.registry === null) {
        const detail = 'this process has no registry: set MOOLA_REGISTRY_URL';
        return { outcome: ActionOutcome.FAILED, detail };
      }
      return moveAlias(dependencies.registry, intent.kind.value, dependencies.readBackAfterMs, signal);
    case undefined:
      return { outcome: ActionOutcome.FAILED, detail: 'this version does not know what is asked for' };
  }
}
