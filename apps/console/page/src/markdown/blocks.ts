/** A part of a document. */
export type Block =
  | { readonly kind: 'heading'; readonly level: number; readonly text: string }
  | { readonly kind: 'table'; readonly head: readonly string[]; readonly rows: readonly (readonly string[])[] }
  | { readonly kind: 'list'; readonly items: readonly string[] }
  | { readonly kind: 'paragraph'; readonly text: string };

const cells = (line: string) =>
  line
    .replace(/^\||\|$/g, '')
    .split(/(?<!\\)\|/)
    .map((cell) => cell.trim().replaceAll('\\|', '|'));

/** Cuts the Markdown that post-mortems are written in: headings, tables, lists, paragraphs. */
export function blocksOf(markdown: string): Block[] {
  return markdown
    .split(/\n{2,}/)
    .map((block) => block.trim().split('\n'))
    .filter(([first]) => first !== '')
    .map((lines) => blockOf(lines));
}

function blockOf(lines: readonly string[]): Block {
  const [first = '', second = '', ...rest] = lines;
  const heading = /^(#+) (.*)$/.exec(first);
  if (heading) return { kind: 'heading', level: heading[1]?.length ?? 1, text: heading[2] ?? '' };
  if (first.startsWith('|') && /^[|:\- ]+$/.test(second))
    return { kind: 'table', head: cells(first), rows: rest.map(cells) };
  if (/^[-*] /.test(first))
    return {
      kind: 'list',
      items: lines
        .join('\n')
        .slice(2)
        .split(/\n[-*] /),
    };
  return { kind: 'paragraph', text: lines.join(' ') };
}

/** A run of text within a block. */
export type Run =
  | { readonly kind: 'text' | 'bold' | 'code' | 'anchor'; readonly text: string }
  | { readonly kind: 'link'; readonly text: string; readonly to: string };

const entities: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', '#124': '|' };
const decoded = (text: string) =>
  text.replace(/&(\w+|#\d+);/g, (whole, name: string) => entities[name] ?? whole).replace(/\\([\\*_`[\]|#])/g, '$1');

const marks = /\*\*(.+?)\*\*|`([^`]+)`|\[([^\]]+)\]\((<[^>]+>|[^)]+)\)|<a id="([^"]+)"><\/a>/g;

/** Cuts a text at what is marked in it. */
export function runsOf(text: string): Run[] {
  const runs: Run[] = [];
  let at = 0;
  for (const mark of text.matchAll(marks)) {
    const [whole, bold, code, link, to, anchor] = mark;
    if (mark.index > at) runs.push({ kind: 'text', text: decoded(text.slice(at, mark.index)) });
    if (bold !== undefined) runs.push({ kind: 'bold', text: decoded(bold) });
    else if (code !== undefined) runs.push({ kind: 'code', text: code });
    else if (link !== undefined)
      runs.push({ kind: 'link', text: decoded(link), to: (to ?? '').replace(/^<(.*)>$/, '$1') });
    else runs.push({ kind: 'anchor', text: anchor ?? '' });
    at = mark.index + whole.length;
  }
  if (at < text.length) runs.push({ kind: 'text', text: decoded(text.slice(at)) });
  return runs;
}
