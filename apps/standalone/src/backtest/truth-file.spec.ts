import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { timeZone } from '@moola/contracts/instants/time-zone';
import { readTruth } from './truth-file.js';

const folder = mkdtempSync(join(tmpdir(), 'moola-truth-'));
afterAll(() => rmSync(folder, { recursive: true }));

const rules = new Map([
  ['churn', new Set(['Drop', 'Slow'])],
  ['fraud', new Set<string>()],
]);

function read(text: string, zone: string | null = null) {
  const path = join(folder, 'truth.csv');
  writeFileSync(path, text);
  const reading = readTruth(path, rules, zone === null ? null : timeZone(zone));
  return reading.ok ? reading.incidents : reading.problems.map((problem) => problem.slice(folder.length + 1));
}

describe('a file of when models really were bad', () => {
  it('gives an incident a row; without an end it lasts', () => {
    const text = [
      'model,from,to,rule',
      'churn,2026-01-01T00:00:00Z,2026-01-01T01:00:00Z,Drop',
      'churn,2026-01-01T00:30:00Z,2026-01-01T02:00:00+01:00,Slow',
      'churn,2026-01-01T01:00:00Z,,Drop',
      'churn,2026-01-01T00:30:00Z,2026-01-01T00:45:00Z,',
    ].join('\n');
    const at = (minutes: number) => Date.UTC(2026, 0, 1) + 60_000 * minutes;
    expect(read(text)).toEqual([
      { model: 'churn', rule: 'Drop', fromMs: at(0), toMs: at(60), line: 2 },
      { model: 'churn', rule: 'Slow', fromMs: at(30), toMs: at(60), line: 3 },
      { model: 'churn', rule: 'Drop', fromMs: at(60), toMs: Infinity, line: 4 },
      { model: 'churn', rule: '', fromMs: at(30), toMs: at(45), line: 5 },
    ]);
  });

  it('reads times of local clocks when it is told which', () => {
    expect(read('model,from,to\nchurn,2026-07-01T12:00:00,2026-07-01T13:00:00', 'Europe/Berlin')).toMatchObject([
      { fromMs: Date.UTC(2026, 6, 1, 10), toMs: Date.UTC(2026, 6, 1, 11) },
    ]);
  });

  const from = '2026-01-01T00:00:00Z';
  it.each([
    ['', 'truth.csv:1: the file is empty'],
    [
      'model,begin,end',
      'truth.csv:1: the header is "model,begin,end", expected "model,from,to" or "model,from,to,rule"',
    ],
    [`model,from,to\nchurn,${from}`, 'truth.csv:2: has 2 cells, the header 3'],
    [`model,from,to\nchrun,${from},`, 'truth.csv:2: model: "chrun" is not declared: did you mean "churn"?'],
    [`model,from,to\nx,${from},`, 'truth.csv:2: model: "x" is not declared: there is churn, fraud'],
    [`model,from,to,rule\nchurn,${from},,Drpo`, 'truth.csv:2: rule: churn has no rule "Drpo": did you mean "Drop"?'],
    [`model,from,to,rule\nfraud,${from},,Drop`, 'truth.csv:2: rule: fraud has no rule "Drop": there is none'],
    [
      'model,from,to\nchurn,2026-01-01T00:00:00,2026-01-01T01:00:00Z',
      'truth.csv:2: from: "2026-01-01T00:00:00" has no time zone',
    ],
    ['model,from,to\nchurn,,', 'truth.csv:2: from: "" is no time'],
    [
      'model,from,to\nchurn,2026-01-01T02:00:00Z,2026-01-01T01:00:00Z',
      'truth.csv:2: to: 2026-01-01T01:00:00Z is not after from, 2026-01-01T02:00:00Z',
    ],
    [`model,from,to\nchurn,${from},${from}`, 'truth.csv:2: to: 2026-01-01T00:00:00Z is not after from'],
    [
      'model,from,to\nchurn,2026-01-01T00:30:00Z,2026-01-01T01:00:00Z\nchurn,2026-01-01T00:00:00Z,2026-01-01T00:31:00Z',
      'truth.csv:2: overlaps the interval in line 3: make them one',
    ],
    [`model,from,to\nchurn,${from},\nchurn,2027-01-01T00:00:00Z,`, 'truth.csv:3: overlaps the interval in line 2'],
    ['model,from,to\n"churn"x,a,b', 'truth.csv:2: has a quote that can be read in two ways'],
  ])('that is wrong is not used at all: %j', (text, problem) => {
    const problems = read(text);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain(problem);
  });
});
