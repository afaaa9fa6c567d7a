import type { z } from 'zod';

/** One setting of a process: where it comes from, what it may be, what it means. */
export interface Setting<T> {
  /** Environment variable. A variable `<NAME>_FILE` beside it names a file that holds the value (mounted secrets). */
  readonly variable: string;
  /** Reads the text of the variable. */
  readonly schema: z.ZodType<T>;
  /** As text, as it would stand in the variable. `undefined`: the setting is optional. */
  readonly default?: string;
  readonly unit?: string;
  /** One sentence for the reference. */
  readonly text: string;
  /** Never shown: not in logs, not in errors. */
  readonly secret?: true;
}

export type SettingsSpec = Readonly<Record<string, Setting<unknown>>>;

export type Settings<S extends SettingsSpec> = {
  readonly [K in keyof S]: S[K] extends Setting<infer T> ? T : never;
};

export type SettingsResult<S extends SettingsSpec> =
  | { readonly ok: true; readonly settings: Settings<S> }
  /** All that is wrong, a line each: variable, value, rule. */
  | { readonly ok: false; readonly problems: readonly string[] };

/**
 * Reads all settings of a spec at once and reports every problem, not only the first.
 * @param readFile reads the file that a `…_FILE` variable names
 */
export function readSettings<S extends SettingsSpec>(
  spec: S,
  environment: Readonly<Record<string, string | undefined>>,
  readFile: (path: string) => string,
): SettingsResult<S> {
  const settings: Record<string, unknown> = {};
  const problems: string[] = [];
  for (const [name, setting] of Object.entries(spec)) {
    let text = environment[setting.variable];
    const file = environment[`${setting.variable}_FILE`];
    if (text === undefined && file !== undefined) {
      try {
        text = readFile(file).trim();
      } catch (error) {
        problems.push(`${setting.variable}_FILE: cannot read ${file}: ${(error as Error).message}`);
        continue;
      }
    }
    text ??= setting.default;
    const parsed = setting.schema.safeParse(text);
    if (parsed.success) settings[name] = parsed.data;
    else {
      const shown = setting.secret ? 'the value' : JSON.stringify(text ?? null);
      problems.push(`${setting.variable}: ${shown} ${parsed.error.issues.map((issue) => issue.message).join(', ')}`);
    }
  }
  return problems.length > 0 ? { ok: false, problems } : { ok: true, settings: settings as Settings<S> };
}

/** The reference of a spec as a Markdown table, for docs that cannot lie. */
export function settingsReference(spec: SettingsSpec): string {
  const rows = Object.values(spec).map((setting) => {
    const fallback = setting.default === undefined ? '–' : `\`${setting.default}\``;
    return `| \`${setting.variable}\` | ${fallback} | ${setting.unit ?? ''} | ${setting.text} |`;
  });
  return ['| Variable | Default | Unit | Meaning |', '| --- | --- | --- | --- |', ...rows].join('\n') + '\n';
}
