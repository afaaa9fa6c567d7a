import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { create } from '@bufbuild/protobuf';
import { SnapshotSchema } from '@moola/contracts/gen/moola/v1/snapshots_pb';
import { topics } from '@moola/contracts/topics';
import { ConsoleServer } from '@moola/standalone/testing/console-server';
import { moola } from '../testing/moola.js';

const figure = (metric: string, value: number, samples: number) => ({ metric, value, samples });

describe('moola breakdown', () => {
  let server: ConsoleServer;
  const breakdown = (...words: string[]) => moola(['breakdown', ...words, '--server', server.url]);

  beforeAll(async () => {
    server = await ConsoleServer.start({ environments: ['live'] });
    const segment = (value: string, right: number, worse: boolean) => ({
      ...{ key: 'country', value, worse, difference: worse ? -0.3 : 0.3, adjustedPValue: worse ? 0.00002 : 0.9 },
      figures: [figure('accuracy', right, 90), figure('predictions', 1234, 1234), figure('latency_p95', 41.2, 90)],
    });
    const value = {
      ...{ version: 'v2', serving: true, windowMs: 300_000, compared: 'accuracy' },
      segments: [segment('d\u001b[31me', 0.9, false), segment('us', 0.6, true), { key: 'country', other: true }],
      classes: [
        { name: 'fraud', truths: 20, answered: 30, right: 15 },
        { other: true, truths: 160, answered: 0, right: 0 },
      ],
    };
    const snapshots = [
      create(SnapshotSchema, { atMs: 0, model: 'churn', kind: { case: 'breakdown', value } }),
      create(SnapshotSchema, { atMs: 0, model: 'quiet', kind: { case: 'counts', value: {} } }),
    ];
    const bars = [
      { from: -8, to: -4, count: 30 },
      { from: -4, to: 0, count: 60 },
      { from: 0, to: 4, count: 9 },
    ];
    const residuals = { count: 100, bias: -2.2567, bars, below: 1 };
    const regression = { version: 'r1', serving: true, windowMs: 300_000, residuals };
    snapshots.push(
      create(SnapshotSchema, { atMs: 0, model: 'prices', kind: { case: 'breakdown', value: regression } }),
    );
    // Serving is what its window says.
    const window = { version: 'v2', serving: true, windowMs: 300_000 };
    snapshots.push(create(SnapshotSchema, { atMs: 0, model: 'churn', kind: { case: 'window', value: window } }));
    await server.facts('live', topics.snapshots, snapshots, 1);
  }, 120_000);
  afterAll(() => server.close());

  it('shows segments, the worse ones first, and classes', async () => {
    const { exitCode, stdout } = await breakdown('churn');
    expect(exitCode).toBe(0);
    expect(stdout).toBe(
      [
        'v2, over 5 min',
        '',
        'LABEL    SEGMENT       ACCURACY  SAMPLES  PREDICTIONS  LATENCY P95  BESIDE THE REST',
        'country  us                60 %       90        1,234        41 ms  worse (p < 0.0001)',
        'country  d\\u001b[31me      90 %       90        1,234        41 ms  no worse',
        'country  others               –        0            –            –  too few to say',
        '',
        'CLASS   TRUE  ANSWERED  PRECISION  RECALL    F1',
        'fraud     20        30       50 %    75 %  60 %',
        'others   160         0          –     0 %   0 %',
        '',
      ].join('\n'),
    );
  });

  it('shows the residuals of a regression', async () => {
    const { stdout } = await breakdown('prices', '--model-version', 'r1');
    expect(stdout).toBe(
      [
        'r1, over 5 min',
        '',
        'RESIDUAL FROM  TO  LABELS  BAR',
        `           −8  −4      30  ${'█'.repeat(20)}`,
        `           −4   0      60  ${'█'.repeat(40)}`,
        `            0   4       9  ${'█'.repeat(6)}`,
        'answer − truth of 100 labels, bias −2.26; 1 below these, 0 above',
        '',
      ].join('\n'),
    );
  });

  it('as JSON has every version', async () => {
    const { stdout } = await breakdown('churn', '--json');
    expect(JSON.parse(stdout)).toMatchObject([{ version: 'v2', serving: true, segments: [{}, { worse: true }, {}] }]);
  });

  it('says what there is instead of what it does not find', async () => {
    expect(await breakdown('churn', '--model-version', 'v9')).toMatchObject({
      exitCode: 1,
      stderr: 'moola: there is no version "v9": known are v2 (name one by --model-version)\n',
    });
    expect((await breakdown('quiet')).stdout).toBe(
      'nothing to tell apart of model "quiet" yet: no segments, no labels\n',
    );
    expect((await breakdown('nobody')).stderr).toContain('nobody');
  });
});
