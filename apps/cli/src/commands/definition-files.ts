import type { Definition } from '@moola/contracts/gen/moola/v1/definitions_pb';
import { parseDefinitions } from '@moola/contracts/definitions/parse-definitions';
import { describeProblem } from '@moola/contracts/definitions/problems';
import { readText } from '../options/files.js';

export interface DefinitionFile {
  readonly name: string;
  readonly text: string;
  readonly definitions: readonly Definition[];
}

export type CheckedFiles =
  | { readonly ok: true; readonly files: readonly DefinitionFile[] }
  /** All problems of all files, a line each. */
  | { readonly ok: false; readonly problems: readonly string[] };

/** Reads files of definitions together: one may name the models of another, and none may define what another does. */
export function checkFiles(names: readonly string[]): CheckedFiles {
  const problems: string[] = [];
  const texts: { name: string; text: string }[] = [];
  for (const name of names) {
    const reading = readText(name);
    if (reading.ok) texts.push({ name, text: reading.text });
    else problems.push(reading.problem);
  }
  // A file's own definitions do not depend on what else is known, so what is right in one pass is known to the next.
  const alone = texts.map(({ name, text }) => parseDefinitions(text, name));
  const files: DefinitionFile[] = [];
  texts.forEach(({ name, text }, index) => {
    const others = alone.flatMap((result, i) => (i !== index && 'definitions' in result ? result.definitions : []));
    const result = parseDefinitions(text, name, others);
    if ('problems' in result) problems.push(...result.problems.map(describeProblem));
    else files.push({ name, text, definitions: result.definitions });
  });
  problems.push(...definedTwice(files));
  return problems.length > 0 ? { ok: false, problems } : { ok: true, files };
}

function definedTwice(files: readonly DefinitionFile[]): string[] {
  const first = new Map<string, string>();
  return files.flatMap((file) =>
    file.definitions.flatMap((definition) => {
      const subject = subjectOf(definition);
      const before = first.get(subject);
      if (before !== undefined) return [`${file.name}: ${subject} is defined twice: in ${before} as well`];
      first.set(subject, file.name);
      return [];
    }),
  );
}

/** `Model SimpleLSTM` */
export function subjectOf({ kind, name }: Definition): string {
  const kindName = kind.case ?? 'unknown';
  return `${kindName.charAt(0).toUpperCase()}${kindName.slice(1)} ${name}`;
}
