import type { RegistryVersion } from './registry-version.js';

/** Which number one of our versions has in a registry that counts. */
export type VersionNumber =
  | { readonly kind: 'found'; readonly at: RegistryVersion }
  | { readonly kind: 'none'; readonly detail: string }
  | { readonly kind: 'several'; readonly detail: string };

/**
 * The number of our version `name` among **all** versions of a registered model: that of the only one whose tag
 * `moola.version` is `name`, or, where none has that tag, the number in the name ("v2" and "2" are 2) if that number
 * exists and has no tag. How versions are named: docs/decisions/0006.
 */
export function numberOf(versions: readonly RegistryVersion[], name: string): VersionNumber {
  const tagged = versions.filter(({ tag }) => tag === name);
  if (tagged.length > 1) {
    const numbers = tagged
      .map(({ version }) => version)
      .sort((one, other) => Number(one) - Number(other))
      .join(', ');
    return { kind: 'several', detail: `its versions ${numbers} all have the tag moola.version = ${name}` };
  }
  if (tagged[0] !== undefined) return { kind: 'found', at: tagged[0] };
  const number = /^v?(\d+)$/.exec(name)?.[1];
  const named = number === undefined ? undefined : versions.find(({ version }) => version === number);
  if (named?.tag === '') return { kind: 'found', at: named };
  const other = named === undefined ? '' : `, and its version ${named.version} is tagged ${named.tag}`;
  return { kind: 'none', detail: `none of its versions has the tag moola.version = ${name}${other}` };
}
