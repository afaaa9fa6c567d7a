import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Severity } from '@moola/contracts/gen/moola/v1/definitions_pb';
import { ConsoleServer } from '@moola/standalone/testing/console-server';
import { moola } from '../../testing/moola.js';

const minute = 60_000;
const nowMs = Date.UTC(2026, 0, 31, 14);
const incident = 'Fraud~Drop~1';

describe('verdicts', () => {
  let server: ConsoleServer;
  const run = (...words: string[]) => moola([...words, '--server', server.url]);

  beforeAll(async () => {
    server = await ConsoleServer.start({ environments: ['live'] });
    await server.incidentEvents('live', [
      {
        ...{ incident, number: 1, atMs: nowMs, model: 'Fraud' },
        kind: { case: 'opened', value: { rule: 'Drop', version: 'v2', severity: Severity.CRITICAL, title: 'Drop' } },
      },
    ]);
    server.answerCommands('live', ({ id: command, actor: by, kind }) => {
      const at = { atMs: nowMs + minute, model: 'Fraud' };
      if (kind.case === 'judge') {
        const { verdict, note } = kind.value;
        return { ...at, number: 2, kind: { case: 'judged', value: { verdict, note, by, command } } };
      }
      if (kind.case === 'reportMissed') {
        const { fromMs, toMs, rule, note } = kind.value;
        return { ...at, number: 0, kind: { case: 'missedReported', value: { fromMs, toMs, rule, note, by, command } } };
      }
      throw new Error(`nobody says ${kind.case}`);
    });
  });
  afterAll(() => server.close());

  it('are given, and add up', async () => {
    expect((await run('alerts', 'quality')).stdout).toContain(
      'Fraud  Drop     0      0        0         1       0  unknown',
    );
    expect(await run('incidents', 'judge', incident, 'false', '--note', 'labels were late')).toEqual({
      ...{ exitCode: 0, stderr: '' },
      stdout: `judged ${incident} false as maria (event 2, name self-declared)\n`,
    });
    expect((await run('incidents', 'show', incident)).stdout).toContain(
      'verdict      false, says maria (name self-declared) at 2026-01-31 14:01',
    );
    expect((await run('alerts', 'quality')).stdout).toBe(
      [
        'MODEL  RULE  REAL  FALSE  UNCLEAR  UNJUDGED  MISSED  FALSE POSITIVES  FALSE NEGATIVES',
        'Fraud  Drop     0      1        0         0       0  100 % (1 of 1)   unknown',
        'targets: false positives below 10 %, false negatives below 5 %',
        '',
      ].join('\n'),
    );
    // A later one replaces it.
    await run('incidents', 'judge', incident, 'real');
    expect(JSON.parse((await run('alerts', 'quality', '--json')).stdout)).toMatchObject({
      ...{ targets: { falsePositiveRate: 0.1, falseNegativeRate: 0.05 }, missed: [] },
      rules: [{ rule: 'Drop', real: 1, false: 0, falsePositiveRate: 0, falseNegativeRate: 0 }],
    });
  });

  it.each([
    [['judge', incident, 'wrong'], 2, 'Allowed choices are real, false, unclear'],
    [['judge', 'Fraud~Nothing~1', 'real'], 1, 'has no incident "Fraud~Nothing~1"'],
    [
      ['missed', '--model', 'm', '--from', '2026-01-01T00:00:00Z', '--to', '2026-01-01T00:00:00Z'],
      ...([2, '--to must be after --from'] as const),
    ],
    [['missed', '--model', 'm', '--from', 'soon', '--to', '2026-01-01T00:00:00Z'], 2, "argument 'soon' is invalid"],
    [
      ['missed', '--model', 'Nothing', '--from', '2026-01-01T00:00:00Z', '--to', '2026-01-01T01:00:00Z'],
      ...([1, 'has seen no event of a model "Nothing"'] as const),
    ],
  ] as const)('are refused when they make no sense: %p', async (words, code, problem) => {
    const { exitCode, stderr } = await run('incidents', ...words);
    expect({ exitCode, stderr }).toEqual({ exitCode: code, stderr: expect.stringContaining(problem) });
  });

  it('are pointed to what is wrong in another environment', async () => {
    expect((await run('alerts', 'quality', '--environment', 'elsewhere')).stderr).toContain(
      'there is no environment "elsewhere"; there are live',
    );
  });
});
