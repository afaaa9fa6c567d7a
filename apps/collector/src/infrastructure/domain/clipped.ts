const longest = 200;

/** What somebody else wrote, as one line of bounded length. */
export function clipped(text: string): string {
  const line = text.replace(/[\p{C}\s]+/gu, ' ').trim();
  return line.length <= longest ? line : `${line.slice(0, longest - 1)}…`;
}
