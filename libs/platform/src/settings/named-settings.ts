import type { SettingsSpec } from './settings.js';

/*
 * Settings of things that have names: `MOOLA_CHANNEL_<NAME>_SLACK_URL`. The `variable` of each setting is what follows the
 * name.
 */

/** A name as variables have it: `on-call` and `ON_CALL` are the same. */
export function nameInVariables(name: string): string {
  return name.toUpperCase().replace(/[^A-Z0-9]+/g, '_');
}

/**
 * The name in a variable that may be one of the settings, or the `_FILE` of one; `null`: it is neither.
 * @param first what all of them begin with
 */
export function nameIn(variable: string, first: string, settings: SettingsSpec): string | null {
  for (const { variable: setting } of Object.values(settings)) {
    const ending = [`_${setting}`, `_${setting}_FILE`].find((text) => variable.endsWith(text));
    if (ending !== undefined && variable.length > first.length + ending.length)
      return variable.slice(first.length, -ending.length);
  }
  return null;
}

/** The settings of one of them. @param prefix such as `MOOLA_CHANNEL_TEAM_` */
export function settingsOf<S extends SettingsSpec>(settings: S, prefix: string): S {
  const entries = Object.entries(settings);
  return Object.fromEntries(
    entries.map(([name, setting]) => [name, { ...setting, variable: prefix + setting.variable }]),
  ) as unknown as S;
}
