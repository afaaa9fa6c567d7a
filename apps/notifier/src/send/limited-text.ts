/** At most `limit` UTF-16 code units; a longer text ends in an ellipsis, and no character is cut in two. */
export function limited(text: string, limit: number): string {
  if (text.length <= limit) return text;
  const end = /[\uD800-\uDBFF]/.test(text.charAt(limit - 2)) ? limit - 2 : limit - 1;
  return `${text.slice(0, end)}…`;
}

/** One line without control characters, for details and headlines. */
export function oneLine(text: string, limit: number): string {
  return limited(text.replace(/\p{Cc}+/gu, ' ').trim(), limit);
}
