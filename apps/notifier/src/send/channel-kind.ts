import { settingsOf } from '@moola/platform/settings/named-settings';
import { readSettings, type Settings, type SettingsSpec } from '@moola/platform/settings/settings';
import type { Channel, ChannelContext } from './channel.js';

/** Where the text of settings comes from. */
export interface SettingsSource {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly readFile: (path: string) => string;
}

export type ReadChannel =
  | { readonly ok: true; readonly open: (context: ChannelContext) => Channel }
  /** All that is wrong, a line each: variable, value, rule. */
  | { readonly ok: false; readonly problems: readonly string[] };

/** A kind of channel that the environment configures. */
export interface ChannelKind {
  /** As routes name it. */
  readonly kind: string;
  /** Its settings; each `variable` is what follows `MOOLA_CHANNEL_<NAME>_`, such as `SLACK_URL`. */
  readonly settings: SettingsSpec;
  /** @param prefix `MOOLA_CHANNEL_<NAME>_` */
  read(prefix: string, source: SettingsSource): ReadChannel;
}

/** Declares a kind of channel. `check` says what is wrong with settings that are right one by one. */
export function channelKind<S extends SettingsSpec>(declaration: {
  readonly kind: string;
  readonly settings: S;
  readonly check?: (settings: Settings<S>) => readonly string[];
  readonly open: (settings: Settings<S>, context: ChannelContext) => Channel;
}): ChannelKind {
  const { kind, settings, check, open } = declaration;
  return {
    kind,
    settings,
    read(prefix, { environment, readFile }) {
      const result = readSettings(settingsOf(settings, prefix), environment, readFile);
      if (!result.ok) return result;
      const problems = (check?.(result.settings) ?? []).map((problem) => prefix + problem);
      if (problems.length > 0) return { ok: false, problems };
      return { ok: true, open: (context) => open(result.settings, context) };
    },
  };
}
