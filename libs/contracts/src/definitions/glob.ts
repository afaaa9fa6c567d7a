/** A pattern of names as files write it, and how many a list has at most. */
export const namesPattern = /^(!?=)?\P{C}{1,256}$/u;
export const mostPatterns = 50;

/** Whether a name fits one of the patterns, and none of those that leave it out. */
export function fits(written: readonly string[], name: string): boolean {
  if (written.length === 0) return true;
  const out = written.filter((each) => each.startsWith('!='));
  if (out.some((each) => fitsGlob(each.slice(2), name))) return false;
  return out.length === written.length || written.some((each) => !each.startsWith('!=') && fitsOne(each, name));
}

function fitsOne(written: string, name: string): boolean {
  return written.startsWith('=') ? written.slice(1) === name : fitsGlob(written, name);
}

/** `*` any characters, `?` one; takes no longer than both are long, multiplied. */
export function fitsGlob(glob: string, name: string): boolean {
  let [at, star, from] = [0, -1, 0];
  for (let i = 0; i < name.length;) {
    if (at < glob.length && glob[at] === '*') {
      [star, from] = [at++, i];
    } else if (at < glob.length && (glob[at] === '?' || glob[at] === name[i])) {
      at++;
      i++;
    } else if (star >= 0) {
      at = star + 1;
      i = ++from;
    } else return false;
  }
  while (glob[at] === '*') at++;
  return at === glob.length;
}
