import { describe, expect, it } from '@jest/globals';
import { mostSeries, readAnswer, refusalText } from './read-answer.js';

const answer = (data: unknown, more: object = {}): string => JSON.stringify({ status: 'success', data, ...more });
const vector = (...result: unknown[]): string => answer({ resultType: 'vector', result });
const cpu = (value: unknown, at: unknown = 1_700_000_000.5): unknown => ({
  metric: { instance: 'a' },
  value: [at, value],
});

describe('the answer of a Prometheus', () => {
  it('is series, each with its labels, time and value', () => {
    expect(readAnswer(vector(cpu('0.25'), cpu('NaN'), cpu('+Inf'), cpu('-Inf'), cpu('1e3')))).toMatchObject({
      ...{ ok: true, malformed: 0, warning: null },
      series: [0.25, NaN, Infinity, -Infinity, 1000].map((value) => ({
        ...{ labels: { instance: 'a' }, timeMs: 1_700_000_000_500, value },
      })),
    });
  });

  it('may hold series that are none: they are counted', () => {
    const read = readAnswer(
      vector(cpu('0.5'), { metric: { instance: 'b' }, histogram: [1, {}] }, null, 7, cpu(0.5), cpu('1', '2'), {
        value: [1, '1'],
      }),
    );
    expect(read).toMatchObject({ ok: true, malformed: 6, series: [{ value: 0.5 }] });
  });

  it('may warn', () => {
    const warned = answer({ resultType: 'vector', result: [] }, { warnings: ['store gateway\nis away', 2] });
    expect(readAnswer(warned)).toMatchObject({ ok: true, warning: 'store gateway is away' });
  });

  it.each([
    ['', /^answers what is no JSON/],
    ['<html>log in</html>', /^answers what is no JSON/],
    ['null', /^answers JSON that is no answer of a Prometheus$/],
    ['[]', /^answers JSON that is no answer/],
    ['{"status":"success"}', /^answers JSON that is no answer/],
    [answer({ resultType: 'vector', result: {} }), /^answers JSON that is no answer/],
    [answer({ resultType: 'toString', result: [] }), /^answers JSON that is no answer/],
    [answer({ resultType: 'scalar', result: [1, '1'] }), /^answers a scalar, which belongs to no instance: .*avg by/],
    [answer({ resultType: 'string', result: [1, 'x'] }), /^answers a text/],
    [answer({ resultType: 'matrix', result: [] }), /^answers a range of values: leave out the range/],
    [
      '{"status":"error","errorType":"bad_data","error":"unexpected )"}',
      /^refuses the query: bad_data: unexpected \)$/,
    ],
  ])('%j is refused, and what to do is said', (body, problem) => {
    const read = readAnswer(body);
    expect(read).toMatchObject({ ok: false });
    expect(read.ok ? '' : read.problem).toMatch(problem);
  });

  it('of more series than are kept is refused as a whole', () => {
    const many = (count: number): string => vector(...Array.from({ length: count }, () => cpu('0.5')));
    expect(readAnswer(many(mostSeries))).toMatchObject({ ok: true });
    expect(readAnswer(many(mostSeries + 1))).toEqual({
      ...{
        ok: false,
        problem: 'answers 2001 series, and at most 2000 are taken: select fewer, or aggregate by instance',
      },
    });
  });

  it('says why it refuses a query in one bounded line', () => {
    const error = `parse\n\u001b[31merror ${'x'.repeat(500)}`;
    const text = refusalText(JSON.stringify({ errorType: 'bad_data', error }));
    expect(text).toMatch(/^bad_data: parse \[31merror x+…$/);
    expect(text.length).toBeLessThan(220);
    expect(refusalText('<html>')).toBe('');
    expect(refusalText('{"error":{}}')).toBe('');
  });
});
