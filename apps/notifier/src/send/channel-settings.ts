import { nameIn, nameInVariables } from '@moola/platform/settings/named-settings';
import { channelKinds } from './channel-kinds.js';
import type { ChannelKind, SettingsSource } from './channel-kind.js';
import type { Channel, ChannelContext } from './channel.js';

/** The channels that the environment configures, by `channelId`. */
export type ConfiguredChannels = ReadonlyMap<string, Channel>;

export type ChannelsResult =
  | { readonly ok: true; readonly open: (context: ChannelContext) => ConfiguredChannels }
  /** All that is wrong, a line each. */
  | { readonly ok: false; readonly problems: readonly string[] };

const first = 'MOOLA_CHANNEL_';

/** Variables that may be a channel's. */
export const channelVariables = /^MOOLA_CHANNEL_/;

/** What a route's channel is called among the configured ones: `on-call` and `ON_CALL` are the same name. */
export function channelId({ kind, name }: { readonly kind: string; readonly name: string }): string {
  return `${kind}/${nameInVariables(name)}`;
}

/** The variables that would configure a channel, for whoever is told that it is not. */
export function variablesOf({ kind, name }: { readonly kind: string; readonly name: string }): readonly string[] {
  const prefix = `${first}${channelId({ kind: '', name }).slice(1)}_`;
  const settings = channelKinds.find((known) => known.kind === kind)?.settings ?? {};
  const needed = Object.values(settings).filter(({ schema, default: text }) => !schema.safeParse(text).success);
  return needed.map(({ variable }) => prefix + variable);
}

/** Reads every `MOOLA_CHANNEL_<NAME>_<KIND>_…` of the environment and reports all problems at once. */
export function readChannels(source: SettingsSource): ChannelsResult {
  const problems: string[] = [];
  const found = new Map<string, { readonly prefix: string; readonly kind: ChannelKind }>();
  for (const variable of Object.keys(source.environment).sort()) {
    if (!variable.startsWith(first) || source.environment[variable] === undefined) continue;
    const place = placeOf(variable);
    if (place === null)
      problems.push(`${variable}: is no setting of a channel (${first}<NAME>_ and one of ${endings()})`);
    else found.set(`${place.kind.kind} ${place.prefix}`, place);
  }
  const opened = new Map<string, (context: ChannelContext) => Channel>();
  for (const { prefix, kind } of found.values()) {
    const read = kind.read(prefix, source);
    if (read.ok) opened.set(`${kind.kind}/${prefix.slice(first.length, -1)}`, read.open);
    else problems.push(...read.problems);
  }
  if (problems.length > 0) return { ok: false, problems };
  return { ok: true, open: (context) => new Map([...opened].map(([id, open]) => [id, open(context)])) };
}

function placeOf(variable: string): { readonly prefix: string; readonly kind: ChannelKind } | null {
  for (const kind of channelKinds) {
    const name = nameIn(variable, first, kind.settings);
    if (name !== null) return { prefix: `${first}${name}_`, kind };
  }
  return null;
}

function endings(): string {
  return channelKinds.flatMap(({ settings }) => Object.values(settings).map(({ variable }) => variable)).join(', ');
}
