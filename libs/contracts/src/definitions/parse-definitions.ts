import type { z } from 'zod';
import type { Definition, ModelDefinition, RuleDefinition } from '../gen/moola/v1/definitions_pb.js';
import { crossCheck } from './cross-checks.js';
import { readDocuments, type YamlDocument } from './documents.js';
import { fieldNamesAt } from './fields-of.js';
import { shown } from './fields.js';
import { kinds, type Kind } from './kinds.js';
import { nearest } from './nearest.js';
import type { DefinitionProblem } from './problems.js';

export type ParsedDefinitions =
  | {
      readonly definitions: readonly Definition[];
      /** Those of each file, in the order of the files. */
      readonly byFile: readonly (readonly Definition[])[];
    }
  /** Everything that is wrong, in the order of the file. */
  | { readonly problems: readonly DefinitionProblem[] };

/** A file of definitions, as it stands. */
export interface DefinitionText {
  /** For the problems. */
  readonly file: string;
  readonly yaml: string;
}

interface Read {
  readonly file: string;
  readonly document: YamlDocument;
  readonly subject: string;
  readonly definition: Definition;
}

/**
 * Reads a file of definitions: YAML documents, each with its `kind`.
 * @param text of the file.
 * @param fileName for the problems.
 * @param known definitions that were applied before, so that a file may name models of another one.
 * @returns the definitions (version 0: `definitions` gives it), or all problems at once.
 */
export function parseDefinitions(text: string, fileName: string, known: readonly Definition[] = []): ParsedDefinitions {
  return parseDefinitionFiles([{ file: fileName, yaml: text }], known);
}

/** As `parseDefinitions`, of files that are read together: one may name the models of another, none may define it too. */
export function parseDefinitionFiles(
  files: readonly DefinitionText[],
  known: readonly Definition[] = [],
): ParsedDefinitions {
  const problems: DefinitionProblem[] = [];
  const reads: Read[] = [];
  for (const { file, yaml } of files) {
    const { documents, problems: ofSyntax } = readDocuments(yaml, file);
    problems.push(...ofSyntax);
    for (const document of documents) {
      const result = readDocument(document, file);
      if ('problems' in result) problems.push(...result.problems);
      else reads.push(result);
    }
    if (documents.length === 0 && ofSyntax.length === 0) problems.push(holdsNothing(file));
  }
  const models = new Map([...known, ...reads.map((read) => read.definition)].flatMap(modelOf));
  const rules = new Map([...known, ...reads.map((read) => read.definition)].flatMap(ruleOf));
  const broken = new Set(problems.map((problem) => problem.subject));
  for (const { document, subject, definition } of reads) {
    problems.push(
      ...crossCheck(definition, { models, rules, broken }).map(({ path, detail }) =>
        document.problem(subject, path, detail),
      ),
    );
  }
  problems.push(...duplicates(reads));
  if (problems.length === 0) {
    const byFile = files.map(({ file }) => reads.filter((read) => read.file === file).map((read) => read.definition));
    return { definitions: reads.map((read) => read.definition), byFile };
  }
  const order = new Map(files.map(({ file }, i) => [file, i]));
  const place = ({ file }: DefinitionProblem): number => order.get(file) ?? 0;
  return { problems: problems.sort((a, b) => place(a) - place(b) || a.line - b.line || a.document - b.document) };
}

function holdsNothing(file: string): DefinitionProblem {
  const detail = `holds no definition: expected YAML documents with kind: ${kinds.map((kind) => kind.name).join(', ')}`;
  return { file, line: 1, document: 0, subject: '', path: '', detail };
}

function readDocument(document: YamlDocument, file: string): Read | { readonly problems: DefinitionProblem[] } {
  const { value } = document;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return { problems: [document.problem('', [], `${shown(value)} is not a group of fields with a kind and a name`)] };
  }
  const { kind: kindName, ...fields } = value as Record<string, unknown>;
  const kind = kinds.find((each) => each.name === kindName);
  if (!kind) return { problems: [document.problem('', ['kind'], wrongKind(kindName))] };
  const subject = typeof fields['name'] === 'string' ? `${kind.name} ${fields['name']}` : kind.name;
  const result = kind.read(fields);
  if ('definition' in result) return { file, document, subject, definition: result.definition };
  return {
    problems: result.issues.flatMap((issue) =>
      told(issue, kind).map(({ path, detail }) => document.problem(subject, path, detail)),
    ),
  };
}

function wrongKind(name: unknown): string {
  const names = kinds.map((kind) => kind.name);
  const expected = `expected ${names.join(', ')}`;
  if (name === undefined) return `is missing: ${expected}`;
  const meant = typeof name === 'string' ? nearest(name, names) : null;
  return `${shown(name)} is no kind: ${expected}${meant === null ? '' : ` (did you mean ${meant}?)`}`;
}

function told(issue: z.core.$ZodIssue, kind: Kind): { path: readonly PropertyKey[]; detail: string }[] {
  if (issue.code !== 'unrecognized_keys') return [{ path: issue.path, detail: issue.message }];
  const names = fieldNamesAt(kind.schema, issue.path);
  return issue.keys.map((key) => {
    const meant = nearest(key, names);
    const hint = meant === null ? `known are ${names.join(', ')}` : `did you mean ${meant}?`;
    return { path: [...issue.path, key], detail: `is no known field (${hint})` };
  });
}

function modelOf({ name, kind }: Definition): [string, ModelDefinition][] {
  return kind.case === 'model' ? [[name, kind.value]] : [];
}

function ruleOf({ name, kind }: Definition): [string, RuleDefinition][] {
  return kind.case === 'rule' ? [[name, kind.value]] : [];
}

function duplicates(reads: readonly Read[]): DefinitionProblem[] {
  const first = new Map<string, Read>();
  return reads.flatMap((read) => {
    const { file, document, subject } = read;
    const before = first.get(subject);
    first.set(subject, before ?? read);
    if (before === undefined) return [];
    const where = before.file === file ? `document ${before.document.number}` : before.file;
    return [document.problem(subject, ['name'], `is defined twice: in ${where} as well`)];
  });
}
