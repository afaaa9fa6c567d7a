import { judgesVersion, type MatchedRole } from '@moola/contracts/definitions/match';
import { Role } from '@moola/contracts/gen/moola/v1/telemetry_pb';
import type { ModelState } from '../models/model-state.js';
import type { VersionState } from '../models/version-state.js';
import type { WatchedRule } from '../models/watched-model.js';

/** As what a version is judged: the one that serves as primary, others by the role in which they answer; `null`: by no rule. */
export function judgedRole(model: ModelState, version: VersionState): MatchedRole | null {
  if (model.isServing(version)) return 'primary';
  if (version.record.role === Role.CANARY) return 'canary';
  return version.record.role === Role.SHADOW ? 'shadow' : null;
}

/** Whether a rule of the model judges a version of it. */
export function judges(model: ModelState, version: VersionState, { definition }: WatchedRule): boolean {
  if (model.watched.judgesWhatServes) return model.isServing(version);
  const role = judgedRole(model, version);
  return role !== null && judgesVersion(definition, version.name, role);
}
