/** A line of a document that is no code, with the code in it left out. */
interface Line {
  readonly number: number;
  readonly text: string;
}

/** What is looked at in a document. */
export interface Markdown {
  /** Where it points to, as it is written. */
  readonly links: readonly { readonly line: number; readonly target: string }[];
  /** What `#…` may name in it. */
  readonly anchors: ReadonlySet<string>;
  /** What stands behind the opening fence of each block of code. */
  readonly blocks: readonly { readonly line: number; readonly info: string }[];
}

/** Reads links, anchors and blocks of code of a document, as GitHub shows it. */
export function readMarkdown(text: string): Markdown {
  const prose: Line[] = [];
  const blocks: { line: number; info: string }[] = [];
  let fence: string | null = null;
  for (const [index, line] of text.split('\n').entries()) {
    const [, mark = '', info = ''] = /^\s*(`{3,}|~{3,})\s*(.*?)\s*$/.exec(line) ?? [];
    if (fence !== null) {
      if (info === '' && mark.startsWith(fence)) fence = null;
    } else if (mark !== '') {
      fence = mark;
      blocks.push({ line: index + 1, info });
    } else prose.push({ number: index + 1, text: line });
  }
  return { blocks, anchors: anchorsOf(prose), links: prose.flatMap(linksOf) };
}

function linksOf({ number, text }: Line): { line: number; target: string }[] {
  const shown = text.replace(/(`+)(?!`).*?[^`]\1(?!`)/g, '');
  const patterns = [/\]\(<?([^\s()<>]+)>?(?:\s+"[^"]*")?\)/g, /^\s{0,3}\[[^\]]+\]:\s+<?([^\s<>]+)/g];
  const html = /\b(?:href|src)="([^"]+)"/g;
  return [...patterns, html].flatMap((pattern) =>
    [...shown.matchAll(pattern)].map(([, target = '']) => ({ line: number, target })),
  );
}

function anchorsOf(lines: readonly Line[]): Set<string> {
  const anchors = new Set<string>();
  for (const { text } of lines) {
    for (const [, name = ''] of text.matchAll(/\b(?:id|name)="([^"]+)"/g)) anchors.add(name);
    const heading = /^ {0,3}#{1,6}\s+(.*?)(?:\s+#+)?\s*$/.exec(text)?.[1];
    if (heading === undefined) continue;
    const slug = slugOf(heading);
    let name = slug;
    for (let number = 1; anchors.has(name); number += 1) name = `${slug}-${number}`;
    anchors.add(name);
  }
  return anchors;
}

/** GitHub's name of a heading: lower case, letters, digits, `-` and `_` only, spaces as `-`. */
function slugOf(heading: string): string {
  return heading
    .replace(/!?\[([^\]]*)\]\([^)]*\)/g, '$1')
    .toLowerCase()
    .replace(/[^\p{L}\p{M}\p{N}\p{Pc} -]/gu, '')
    .replaceAll(' ', '-');
}
