const escapes: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };
const cut = '…';

/**
 * A text as parts of at most `longest` UTF-16 code units each, escaped for Slack. It breaks at the end of a line where
 * there is one in the second half of a part; no character and no escape is cut in two. What `most` parts cannot hold is
 * left out, and an ellipsis says so.
 */
export function sections(text: string, longest: number, most: number): readonly string[] {
  const parts: string[] = [];
  let part = '';
  for (const character of text) {
    const next = escapes[character] ?? character;
    if (part.length + next.length <= longest) {
      part += next;
      continue;
    }
    const line = part.lastIndexOf('\n');
    const end = line > longest / 2 ? line + 1 : part.length;
    parts.push(part.slice(0, end));
    part = part.slice(end) + next;
    if (parts.length === most) {
      const last = parts[most - 1] as string;
      return [...parts.slice(0, most - 1), last.length < longest ? last + cut : withoutLast(last) + cut];
    }
  }
  return part === '' ? parts : [...parts, part];
}

/** Without the last character or escape. */
function withoutLast(part: string): string {
  return part.replace(/(&(amp|lt|gt);|.)$/su, '');
}
