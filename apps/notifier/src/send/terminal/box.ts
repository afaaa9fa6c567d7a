import type { Notice } from '../channel.js';
import { oneLine } from '../limited-text.js';
import { moreLines } from '../more.js';

/** Columns of text beside the bar. */
const width = 96;

/**
 * A notification for a screen, with a bar at its left:
 *
 *     ┌ CRITICAL  2008-06-27 00:00  slack/team
 *     │ CRITICAL m: Accuracy 24 %, limit 80 %, v2, since 23:59 UTC
 *     │ …
 *     │ Incident: https://…
 *     └ m~Drop~1
 *
 * Control characters are taken out: a model's name must not move the cursor.
 */
export function box(notice: Notice): string {
  const { severity, atMs, channelKind, channelName, title, text, incident } = notice;
  const at = new Date(atMs).toISOString().slice(0, 16).replace('T', ' ');
  const lines = [title, ...text.split('\n'), ...moreLines(notice)].flatMap((line) => wrapped(oneLine(line, 4000)));
  const head = [severity.toUpperCase(), at, `${channelKind}/${channelName}`].map((part) => oneLine(part, width));
  return [
    `┌ ${head.join('  ')}`,
    ...lines.map((line) => `│ ${line}`.trimEnd()),
    `└ ${oneLine(incident, width)}`.trimEnd(),
    '',
  ].join('\n');
}

/** Breaks at spaces where it can. */
function wrapped(line: string): readonly string[] {
  const lines: string[] = [];
  let left = line;
  while (left.length > width) {
    const space = left.lastIndexOf(' ', width);
    const end = space > 0 ? space : width;
    lines.push(left.slice(0, end));
    left = left.slice(end).trimStart();
  }
  return [...lines, left];
}
