import type { Definition } from '@moola/contracts/gen/moola/v1/definitions_pb';
import { parseDefinitionFiles, type DefinitionText } from '@moola/contracts/definitions/parse-definitions';
import { describeProblem } from '@moola/contracts/definitions/problems';
import { readText } from '../options/files.js';

export interface DefinitionFile {
  readonly name: string;
  readonly definitions: readonly Definition[];
}

export type CheckedFiles =
  | { readonly ok: true; readonly files: readonly DefinitionFile[] }
  /** All problems of all files, a line each. */
  | { readonly ok: false; readonly problems: readonly string[]; readonly are: ProblemKind };

/** Whether files could not be read, or were read and hold what is wrong. */
export type ProblemKind = 'unreadable' | 'wrong';

export const exitCodeOf: Readonly<Record<ProblemKind, number>> = { unreadable: 1, wrong: 3 };

/**
 * Reads files of definitions together: one may name the models of another, and none may define what another does.
 * @param known what they may name beside
 */
export function checkFiles(names: readonly string[], known: readonly Definition[] = []): CheckedFiles {
  const { texts, problems: unreadable } = readTexts(names);
  const are = unreadable.length > 0 ? 'unreadable' : 'wrong';
  if (texts.length === 0)
    return unreadable.length > 0 ? { ok: false, problems: unreadable, are } : { ok: true, files: [] };
  const result = parseDefinitionFiles(texts, known);
  if ('problems' in result)
    return { ok: false, problems: [...unreadable, ...result.problems.map(describeProblem)], are };
  if (unreadable.length > 0) return { ok: false, problems: unreadable, are };
  return { ok: true, files: texts.map(({ file }, i) => ({ name: file, definitions: result.byFile[i] ?? [] })) };
}

/** The files as they stand, and which of them cannot be read. */
export function readTexts(names: readonly string[]): { texts: DefinitionText[]; problems: string[] } {
  const problems: string[] = [];
  const texts: DefinitionText[] = [];
  for (const file of new Set(names)) {
    const reading = readText(file);
    if (reading.ok) texts.push({ file, yaml: reading.text });
    else problems.push(reading.problem);
  }
  return { texts, problems };
}

/** `Model SimpleLSTM` */
export function subjectOf({ kind, name }: Definition): string {
  const kindName = kind.case ?? 'unknown';
  return `${kindName.charAt(0).toUpperCase()}${kindName.slice(1)} ${name}`;
}
