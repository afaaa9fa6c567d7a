import { LineCounter, parseAllDocuments, type Document } from 'yaml';
import { lineAt, pathText, type DefinitionProblem } from './problems.js';
import { yamlExcess } from './yaml-limits.js';

/** A YAML document that could be read. */
export interface YamlDocument {
  /** One-based. */
  readonly number: number;
  readonly value: unknown;
  /** A problem with what stands at a path of it. */
  readonly problem: (subject: string, path: readonly PropertyKey[], detail: string) => DefinitionProblem;
}

export interface YamlFile {
  readonly documents: readonly YamlDocument[];
  /** Of syntax. */
  readonly problems: readonly DefinitionProblem[];
}

/**
 * Reads the YAML documents of a file; empty ones are left out. What is beyond `yamlLimits` is not parsed. Anchors may not
 * expand beyond a hundred aliases.
 */
export function readDocuments(text: string, file: string): YamlFile {
  const excess = yamlExcess(text);
  if (excess !== null) return { documents: [], problems: [{ file, subject: '', path: '', ...excess }] };
  const lines = new LineCounter();
  const parsed = parseAllDocuments(text, { lineCounter: lines, prettyErrors: false });
  const documents: YamlDocument[] = [];
  const problems: DefinitionProblem[] = [];
  const list: readonly Document.Parsed[] = Array.isArray(parsed) ? parsed : [];
  list.forEach((document, index) => {
    const number = index + 1;
    for (const error of document.errors) {
      problems.push({
        file,
        line: Math.max(1, lines.linePos(error.pos[0]).line),
        document: number,
        subject: '',
        path: '',
        detail: `is not YAML: ${error.message}`,
      });
    }
    if (document.errors.length > 0 || document.contents === null) return;
    const problem: YamlDocument['problem'] = (subject, path, detail) => ({
      file,
      line: lineAt(document, path, lines),
      document: number,
      subject,
      path: pathText(path),
      detail,
    });
    const value = valueOf(document);
    if ('error' in value) problems.push(problem('', [], `is not YAML: ${value.error}`));
    else if (value.value !== null) documents.push({ number, value: value.value, problem });
  });
  return { documents, problems };
}

function valueOf(document: Document.Parsed): { value: unknown } | { error: string } {
  try {
    return { value: document.toJS({ maxAliasCount: 100 }) as unknown };
  } catch (error) {
    return { error: error instanceof Error ? error.message : String(error) };
  }
}
