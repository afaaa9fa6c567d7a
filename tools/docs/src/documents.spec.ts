import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { problemsInDocuments } from './problems-in-documents.js';

const root = fileURLToPath(new URL('../../..', import.meta.url));

/** Every file that git knows or would add, with the text of the Markdown among them. */
function repository(): Map<string, string | null> {
  const listed = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], { cwd: root });
  const paths = listed.toString('utf8').split('\0');
  const there = paths.filter((path) => path !== '' && existsSync(`${root}/${path}`));
  return new Map(
    there.map((path) => [path, path.endsWith('.md') ? readFileSync(`${root}/${path}`, 'utf8') : null] as const),
  );
}

describe('the documents of the repository', () => {
  const files = repository();

  it('point to files and headings that there are, and mark runnable blocks as CI knows them', () => {
    expect(files.has('docs/architecture.md')).toBe(true);
    expect(problemsInDocuments(files)).toEqual([]);
  });

  it('are listed in docs/README.md', () => {
    const index = files.get('docs/README.md') ?? '';
    const documents = [...files.keys()].filter((path) => /^docs\/[^/]+\.md$/.test(path) && path !== 'docs/README.md');
    const missing = documents.filter((path) => !index.includes(`](${path.slice('docs/'.length)}`));
    expect(missing).toEqual([]);
  });
});
