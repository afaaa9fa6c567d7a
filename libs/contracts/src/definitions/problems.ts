import type { Document, LineCounter, Node, ParsedNode } from 'yaml';
import { isMap, isNode, isPair, isScalar, isSeq } from 'yaml';

/** Something wrong with a file of definitions: where, what, and what would be right. */
export interface DefinitionProblem {
  readonly file: string;
  /** One-based. */
  readonly line: number;
  /** One-based; 0 when the file as a whole is meant. */
  readonly document: number;
  /** Such as `Rule SimpleLSTMAccuracyDrop`; empty where the document does not say. */
  readonly subject: string;
  /** Such as `budget.lines[3].below`; empty when the document as a whole is meant. */
  readonly path: string;
  readonly detail: string;
}

/** `definitions.yaml:42: document 3 (Rule AccuracyDrop): for: "5 minuts" is no duration (try "5m")` */
export function describeProblem(problem: DefinitionProblem): string {
  const subject = problem.subject === '' ? '' : ` (${problem.subject})`;
  return [
    `${problem.file}:${problem.line}`,
    ...(problem.document === 0 ? [] : [`document ${problem.document}${subject}`]),
    ...(problem.path === '' ? [] : [problem.path]),
    problem.detail,
  ].join(': ');
}

export function pathText(path: readonly PropertyKey[]): string {
  return path.reduce<string>((text, step) => {
    if (typeof step === 'number') return `${text}[${step}]`;
    return text === '' ? String(step) : `${text}.${String(step)}`;
  }, '');
}

/** The line of what stands at a path; of its nearest ancestor where the path leads nowhere. */
export function lineAt(document: Document.Parsed, path: readonly PropertyKey[], lines: LineCounter): number {
  let node: Node | ParsedNode | null = document.contents;
  let offset = node?.range?.[0] ?? document.range[0];
  for (const step of path) {
    const child = childAt(node, step);
    if (!child) break;
    offset = child.offset ?? offset;
    node = child.node;
  }
  return Math.max(1, lines.linePos(offset).line);
}

function childAt(node: unknown, step: PropertyKey): { node: Node | null; offset: number | undefined } | null {
  if (isSeq(node) && typeof step === 'number') {
    const item: unknown = node.items[step];
    return isNode(item) ? { node: item, offset: item.range?.[0] } : null;
  }
  if (!isMap(node)) return null;
  const pair = node.items.find((each) => keyOf(each) === String(step));
  if (!pair) return null;
  const key: unknown = pair.key;
  return { node: isNode(pair.value) ? pair.value : null, offset: isNode(key) ? key.range?.[0] : undefined };
}

function keyOf(pair: unknown): string | null {
  if (!isPair(pair)) return null;
  const { key } = pair;
  return isScalar(key) ? String(key.value) : null;
}
