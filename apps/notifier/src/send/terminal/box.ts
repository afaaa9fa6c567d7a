import type { DeliveryIntent } from '@moola/contracts/gen/moola/v1/actions_pb';
import { oneLine } from '../limited-text.js';

/** Columns of text beside the bar. */
const width = 96;

/**
 * A notification for a screen, with a bar at its left:
 *
 *     ┌ CRITICAL  2008-06-27 00:00  slack/team
 *     │ CRITICAL m: accuracy is below 80 %
 *     │ 0.24 < 0.80 …
 *     └ m~Drop~1
 *
 * Control characters are taken out: a model's name must not move the cursor.
 */
export function box(intent: DeliveryIntent): string {
  const { severity, atMs, channelKind, channelName, title, text, incident } = intent;
  const at = new Date(atMs).toISOString().slice(0, 16).replace('T', ' ');
  const lines = [title, ...text.split('\n')].flatMap((line) => wrapped(oneLine(line, 4000)));
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
