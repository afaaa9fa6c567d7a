import { describe, expect, it } from '@jest/globals';
import { parseDefinitions } from './parse-definitions.js';
import { yamlExcess, yamlLimits } from './yaml-limits.js';

const filled = (text: string, length = 400_000) => text.repeat(length / text.length);
const model = (n: number) => `kind: Model\nname: m${n}\n`;

describe('a file of definitions that is too much', () => {
  it.each([
    ['begins of documents', filled('---\n'), 1, 'at most 262144 are read: split the file'],
    ['many documents', filled('---\n', 8000), 1001, 'has more than 1000 documents'],
    ['ends of documents', filled('...\n', 8000), 1001, 'has more than 1000 documents'],
    ['a long document', `${model(1)}---\n${filled('- a\n', 20_000)}`, 3, 'more than 16384 characters'],
    ['a long first document', filled('[', 20_000), 1, 'more than 16384 characters'],
    ['levels in a line', `a:\n${'? '.repeat(500)}`, 2, 'opens more than 16 levels in one line'],
    ['levels of lists in a line', '- '.repeat(17), 1, 'opens more than 16 levels in one line'],
  ])('is refused before it is parsed, with its line: %s', (_, text, line, detail) => {
    expect(parseDefinitions(text, 'big.yaml')).toEqual({
      problems: [
        { file: 'big.yaml', line, document: 0, subject: '', path: '', detail: expect.stringContaining(detail) },
      ],
    });
  });

  it('is none with as many documents as are allowed', () => {
    const text = Array.from({ length: yamlLimits.documents }, (_, n) => `---\n${model(n)}`).join('');
    expect(parseDefinitions(text, 'many.yaml')).toMatchObject({ definitions: { length: yamlLimits.documents } });
  });

  it('is told from texts that only look like it', () => {
    expect(
      yamlExcess(`summary: ----------------------------------------\n${'-'.repeat(80)}\n--- # a comment\n`),
    ).toBeNull();
    expect(yamlExcess('a: - - - - - - - - - - - - - - - - - - -')).toBeNull();
  });

  it('grows by aliases no further than a hundred', () => {
    const rungs = Array.from({ length: 12 }, (_, n) => `a${n + 1}: &a${n + 1} [${`*a${n}, `.repeat(9)}*a${n}]`);
    const text = `kind: Model\na0: &a0 [x]\n${rungs.join('\n')}\n`;
    expect(parseDefinitions(text, 'laughs.yaml')).toMatchObject({
      problems: [{ detail: expect.stringContaining('Excessive alias count') }],
    });
  });
});
