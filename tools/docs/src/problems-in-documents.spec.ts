import { describe, expect, it } from '@jest/globals';
import { problemsInDocuments } from './problems-in-documents.js';

describe('problems in documents', () => {
  const problems = (text: string) =>
    problemsInDocuments(
      new Map<string, string | null>([
        ['docs/a.md', text],
        ['docs/b.md', '# One\n\n## Two: `code` & [more](a.md)\n\n## Two: `code` & [more](a.md)\n\n<a id="own"></a>\n'],
        ['README.md', '[b](docs/b.md#one)\n'],
        ['tools/run.mjs', null],
      ]),
    );

  it('are none where files, folders and headings are there', () => {
    const good = [
      ...['[b](b.md)', '[b](b.md#one)', '[twice](b.md#two-code--more-1)', '[own](b.md#own)', '[tools](../tools/)'],
      ...['[run](../tools/run.mjs "title")', '[away](https://example.com/x#y)', '[here](#a-b_c)', '## A b_c!'],
      ...['`[code](none.md)`', '```sh run', '[in a block](none.md)', '```', '![map](../tools/run.mjs)'],
      ...['[name]: b.md#one', '[![both](../tools/run.mjs)](b.md)'],
    ];
    expect(problems(good.join('\n'))).toEqual([]);
  });

  it.each([
    ['[b](c.md)', 'docs/a.md:3: c.md: there is no docs/c.md'],
    ['text ![map](../map.svg)', 'docs/a.md:3: ../map.svg: there is no map.svg'],
    ['[b](b.md#three)', 'docs/a.md:3: b.md#three: docs/b.md has no heading #three'],
    ['[b](b.md#two-code--more-2)', 'docs/a.md:3: b.md#two-code--more-2: docs/b.md has no heading #two-code--more-2'],
    ['[here](#nowhere)', 'docs/a.md:3: #nowhere: docs/a.md has no heading #nowhere'],
    ['[b](/docs/b.md)', 'docs/a.md:3: /docs/b.md: say it from this document on, without a first /'],
    ['[run](../tools/run.mjs#L3)', 'docs/a.md:3: ../tools/run.mjs#L3: only Markdown has anchors'],
    ['[name]: c.md', 'docs/a.md:3: c.md: there is no docs/c.md'],
    ['[![both](c.png)](b.md)', 'docs/a.md:3: c.png: there is no docs/c.png'],
    ['<img src="c.png">', 'docs/a.md:3: c.png: there is no docs/c.png'],
    ['`a` [b](c.md) `d`', 'docs/a.md:3: c.md: there is no docs/c.md'],
    ['```bash run\n```', 'docs/a.md:3: bash run: runnable blocks are marked "sh run" or "sh run background"'],
  ])('%s', (text, problem) => {
    expect(problems(`# A\n\n${text}\n`)).toEqual([problem]);
  });
});
