/** How much YAML a file may hold. Reading it takes time that grows faster than its size, and whoever reads it does nothing else meanwhile. */
export const yamlLimits = {
  /** Of a file, in characters. */
  fileLength: 256 * 1024,
  /** Of one document, in characters. */
  documentLength: 16 * 1024,
  /** Of a file. */
  documents: 1000,
  /** Marks such as `- ` or `? ` that begin one line: each opens a level. */
  marksOfLine: 16,
} as const;

export interface YamlExcess {
  /** One-based. */
  readonly line: number;
  /** One-based; 0 when the file as a whole is meant. */
  readonly document: number;
  readonly detail: string;
}

/** Begins or ends a document wherever it stands at the begin of a line, in a block of text too (YAML 1.2, 9.1.2). */
const boundary = /^(?:---|\.\.\.)(?=[ \t\r]|$)/;
const marks = new RegExp(`^(?:[ \\t]*[-?:](?=[ \\t\\r]|$)){${yamlLimits.marksOfLine + 1}}`);

/** The first of its limits that a file goes beyond; found in one pass, before anything is parsed. */
export function yamlExcess(text: string): YamlExcess | null {
  if (text.length > yamlLimits.fileLength) {
    const detail = `has ${text.length} characters, at most ${yamlLimits.fileLength} are read: split the file`;
    return { line: 1, document: 0, detail };
  }
  let line = 0;
  let document = 0;
  let begin = { at: 0, line: 1 };
  for (let at = 0; at <= text.length;) {
    const newline = text.indexOf('\n', at);
    const end = newline < 0 ? text.length : newline;
    const content = text.slice(at, end);
    line += 1;
    if (boundary.test(content)) {
      document += 1;
      begin = { at, line };
      if (document > yamlLimits.documents) {
        return { line, document: 0, detail: `has more than ${yamlLimits.documents} documents: split the file` };
      }
    }
    if (marks.test(content)) {
      return { line, document: 0, detail: `opens more than ${yamlLimits.marksOfLine} levels in one line` };
    }
    if (end - begin.at > yamlLimits.documentLength) {
      const detail = `the document that begins here has more than ${yamlLimits.documentLength} characters: is a "---" missing between definitions?`;
      return { line: begin.line, document: 0, detail };
    }
    at = end + 1;
  }
  return null;
}
