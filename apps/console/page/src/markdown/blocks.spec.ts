import { describe, expect, it } from '@jest/globals';
import { blocksOf, runsOf } from './blocks';

describe('a document', () => {
  it('is cut into headings, tables, lists and paragraphs', () => {
    const text = '# Title\n\nOne\ntwo.\n\n| | |\n| --- | ---: |\n| a | b \\| c |\n\n- first\n- second\n  goes on\n';
    expect(blocksOf(text)).toEqual([
      { kind: 'heading', level: 1, text: 'Title' },
      { kind: 'paragraph', text: 'One two.' },
      { kind: 'table', head: ['', ''], rows: [['a', 'b | c']] },
      { kind: 'list', items: ['first', 'second\n  goes on'] },
    ]);
  });

  it('is empty without a text', () => {
    expect(blocksOf('\n\n')).toEqual([]);
  });
});

describe('a text of a document', () => {
  it('is cut at what is marked in it', () => {
    expect(runsOf('**Technical.** Release `v2` ([event 36](#event-36)), 0.58 &lt; 0.80')).toEqual([
      { kind: 'bold', text: 'Technical.' },
      { kind: 'text', text: ' Release ' },
      { kind: 'code', text: 'v2' },
      { kind: 'text', text: ' (' },
      { kind: 'link', text: 'event 36', to: '#event-36' },
      { kind: 'text', text: '), 0.58 < 0.80' },
    ]);
  });

  it('links to an address in angle brackets', () => {
    expect(runsOf('[The incident](<https://x.example/?e=a#/b~(c)>)')[0]).toEqual({
      ...{ kind: 'link', text: 'The incident', to: 'https://x.example/?e=a#/b~(c)' },
    });
  });

  it('may begin with the place that a link leads to', () => {
    expect(runsOf('<a id="event-1"></a>1')).toEqual([
      { kind: 'anchor', text: 'event-1' },
      { kind: 'text', text: '1' },
    ]);
  });

  it('keeps what only looks like markup as a text', () => {
    expect(runsOf('<script>x</script> \\*not bold\\*')).toEqual([
      { kind: 'text', text: '<script>x</script> *not bold*' },
    ]);
  });
});
