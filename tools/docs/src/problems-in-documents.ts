import { posix } from 'node:path';
import { readMarkdown } from './markdown.js';

/**
 * What is wrong with links and runnable blocks of documents.
 * @param files every file of the repository by its path; the text of those that are Markdown
 * @returns a sentence a problem: document, line, what is wrong
 */
export function problemsInDocuments(files: ReadonlyMap<string, string | null>): string[] {
  const folders = new Set([...files.keys()].flatMap(foldersAbove));
  const documents = new Map(
    [...files].flatMap(([path, text]) => (text === null ? [] : [[path, readMarkdown(text)] as const])),
  );

  const wrongWith = (path: string, target: string): string | null => {
    if (/^[a-z][a-z0-9+.-]*:/i.test(target)) return null;
    const [file = '', anchor] = target.split('#');
    const found = file === '' ? path : posix.normalize(posix.join(posix.dirname(path), decodeURIComponent(file)));
    const place = found.replace(/\/$/, '');
    if (file.startsWith('/')) return 'say it from this document on, without a first /';
    if (!files.has(place) && !folders.has(place)) return `there is no ${place}`;
    if (anchor === undefined) return null;
    const document = documents.get(place);
    if (document === undefined) return 'only Markdown has anchors';
    return document.anchors.has(decodeURIComponent(anchor)) ? null : `${place} has no heading #${anchor}`;
  };

  return [...documents].flatMap(([path, { links, blocks }]) => [
    ...links.flatMap(({ line, target }) => {
      const wrong = wrongWith(path, target);
      return wrong === null ? [] : [`${path}:${line}: ${target}: ${wrong}`];
    }),
    ...blocks
      .filter(({ info }) => /\b(?:run|runnable|background)\b/.test(info) && !/^sh run(?: background)?$/.test(info))
      .map(({ line, info }) => `${path}:${line}: ${info}: runnable blocks are marked "sh run" or "sh run background"`),
  ]);
}

function foldersAbove(path: string): string[] {
  const parent = posix.dirname(path);
  return parent === '.' ? ['.'] : [parent, ...foldersAbove(parent)];
}
