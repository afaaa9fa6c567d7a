import type { MoveAlias } from '@moola/contracts/gen/moola/v1/actions_pb';
import type { RegistryClient } from './registry-client.js';
import { countsVersions, shown, type RegistryVersion } from './registry-version.js';
import { numberOf, type VersionNumber } from './version-numbers.js';

/** What is known of where an alias is to point, before anything is written. */
export type Target =
  /** A look-up failed or was not whole: nothing is known for certain, and another look may tell. */
  | { readonly kind: 'uncertain'; readonly detail: string }
  /** Known for certain: it must not be moved. */
  | { readonly kind: 'impossible'; readonly detail: string }
  /** It points at the target already. */
  | { readonly kind: 'reached' }
  /** It points at `before`, the version that it is to leave, and `version` is the one to set, as the registry names them. */
  | { readonly kind: 'known'; readonly before: string; readonly version: string };

/** Finds out where an alias points and what its target is called in the registry. It reads only. */
export async function findTarget(registry: RegistryClient, move: MoveAlias, signal: AbortSignal): Promise<Target> {
  const { registeredModel, alias, from, to } = move;
  const read = await registry.read(registeredModel, alias, signal);
  if (read.kind === 'absent') return { kind: 'impossible', detail: read.detail };
  if (read.kind === 'unreadable') return uncertain(`where it points could not be read (${read.detail})`);
  if (countsVersions(read.at)) return amongNumbers(registry, move, read.at, signal);
  if (read.at.version === to) return { kind: 'reached' };
  if (read.at.version !== from) return movedByOthers(read.at, from);
  return { kind: 'known', before: from, version: to };
}

/** In a registry that counts, names are found by a complete list of the model's versions, and the target is asked again. */
async function amongNumbers(
  registry: RegistryClient,
  { registeredModel, from, to }: MoveAlias,
  at: RegistryVersion,
  signal: AbortSignal,
): Promise<Target> {
  const list = await registry.versions(registeredModel, signal);
  const incomplete = `the versions of ${registeredModel} could not be listed completely`;
  if (list.kind === 'incomplete') return uncertain(`${incomplete} (${list.detail})`);
  const current = list.versions.find(({ version }) => version === at.version);
  if (current === undefined) return uncertain(`${incomplete} (version ${at.version}, where it points, is missing)`);
  if (at.tag !== '' && at.tag !== current.tag) return uncertain(disagreement(registeredModel, at, current));

  const target = numberOf(list.versions, to);
  if (current.tag === to || isNumber(target, current)) return { kind: 'reached' };
  const source = numberOf(list.versions, from);
  if (current.tag !== from && !isNumber(source, current)) {
    const isNamed = current.tag !== '' || source.kind === 'found';
    return isNamed ? movedByOthers(current, from) : impossible(registeredModel, from, source.detail);
  }
  if (target.kind !== 'found') return impossible(registeredModel, to, target.detail);

  const verified = await registry.version(registeredModel, target.at.version, signal);
  if (verified.kind === 'unreadable') return uncertain(`${to} could not be verified (${verified.detail})`);
  if (verified.at.tag !== target.at.tag) return uncertain(disagreement(registeredModel, target.at, verified.at));
  return { kind: 'known', before: at.version, version: target.at.version };
}

function isNumber(number: VersionNumber, { version }: RegistryVersion): boolean {
  return number.kind === 'found' && number.at.version === version;
}

function impossible(registeredModel: string, name: string, why: string): Target {
  const advice = `give one version the tag moola.version = ${name}, or leave versions untagged and name them v1, v2 …`;
  return {
    kind: 'impossible',
    detail: `which version of ${registeredModel} is ${name} is not known, ${why}; ${advice}`,
  };
}

function movedByOthers(at: RegistryVersion, from: string): Target {
  return {
    kind: 'impossible',
    detail: `it points at ${shown(at)}, not at ${from}: somebody else has moved it, and it was left there`,
  };
}

function disagreement(registeredModel: string, one: RegistryVersion, other: RegistryVersion): string {
  const tagOf = ({ tag }: RegistryVersion) => (tag === '' ? 'no tag' : `the tag ${tag}`);
  return `two answers disagree on version ${one.version} of ${registeredModel}: ${tagOf(one)}, then ${tagOf(other)}`;
}

function uncertain(detail: string): Target {
  return { kind: 'uncertain', detail };
}
