import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { moola } from '../testing/moola.js';

type Sent = Readonly<Record<string, { readonly version?: string; readonly time?: string; readonly knownAt?: string }>>;

describe('moola simulate', () => {
  let server: Server;
  let events: Sent[];
  let known: number | null;
  let declared: boolean;
  const simulate = (...words: string[]) => {
    const { port } = server.address() as AddressInfo;
    return moola(['simulate', '--model', 'churn', ...words], { env: { MOOLA_SERVER: `http://127.0.0.1:${port}` } });
  };

  beforeEach(async () => {
    [events, known, declared] = [[], null, true];
    server = createServer((request, response) => {
      if (request.method === 'GET') {
        const isThere = request.url?.endsWith('/definitions/model/churn') ? declared : known !== null;
        response.writeHead(isThere ? 200 : 404).end(JSON.stringify({ counts: { predictions: known } }));
        return;
      }
      let body = '';
      request.setEncoding('utf8').on('data', (text: string) => (body += text));
      request.on('end', () => {
        events.push(...(JSON.parse(body) as Sent[]));
        response.writeHead(200).end(JSON.stringify({ refused: 0, events: [] }));
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  afterEach(() => {
    server.closeAllConnections();
    server.close();
  });

  it('sends the past, then the present, each prediction before its outcome', async () => {
    const began = Date.now();
    const { exitCode, stdout, stderr } = await simulate('--break', 'v7', '--history', '10m', '--duration', '1s');
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(stdout).toContain('now v7 is released, v6 goes on in shadow, and v7 is bad');
    const of = (kind: string) => events.flatMap((event) => event[kind] ?? []);
    expect(of('deployment').map(({ version }) => version)).toEqual(['v6', 'v6', 'v7']);
    expect(of('prediction')).toHaveLength(600 + 2 * 20);
    const times = of('prediction').map(({ time }) => Date.parse(time ?? ''));
    expect(times).toEqual([...times].sort((a, b) => a - b));
    expect(times[0]).toBeGreaterThanOrEqual(began - 600_000);
    expect(of('outcome')).toHaveLength(620);
    for (const { knownAt } of of('outcome')) expect(Date.parse(knownAt ?? '')).toBeLessThanOrEqual(Date.now());
  });

  it('sends the past of a training job in which everything is wrong, and says which rules fire', async () => {
    const wrong = ['--stall', '--leak', '--fail-checkpoints', '--long'];
    const { exitCode, stdout, stderr } = await simulate('--job', 'fit-1', '--duration', '1s', ...wrong);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    const rules = ['PretrainingStalled', 'PretrainingOOM', 'PretrainingCheckpointFailed', 'PretrainingLongDuration'];
    expect(stdout).toContain(`of the default rules ${rules.join(', ')} will fire`);
    expect(events.every((event) => 'trainingProgress' in event)).toBe(true);
    expect(events.length).toBeGreaterThan(250);
  });

  it.each([
    [['--stall'], '--stall needs --job <name>'],
    [['--job', 'fit-1', '--break', 'v7'], '--break is about a release, --job about a training job'],
  ])('refuses %s', async (words, why) => {
    const { exitCode, stderr } = await simulate(...words);
    expect(exitCode).not.toBe(0);
    expect(stderr).toContain(why);
    expect(events).toEqual([]);
  });

  it('says first what to expect of a model that is not declared', async () => {
    declared = false;
    const { exitCode, stderr } = await simulate('--history', '1s', '--duration', '1s');
    expect({ exitCode, stderr }).toEqual({
      exitCode: 0,
      stderr:
        'the model "churn" is not declared: it opens incidents after 3 to 5 minutes, and notifies nobody. ' +
        'Apply a definition first (moola apply FILE), or add --duration 10m\n',
    });
  });

  it('does not mix made-up telemetry with that of a model, unless it is told to', async () => {
    known = 12;
    const refused = await simulate();
    expect({ ...refused, events }).toEqual({
      ...{ exitCode: 1, stdout: '', events: [] },
      stderr:
        'moola: the model "churn" has sent 12 predictions: choose another --model, or add --mix to mix made-up ones with them\n',
    });
    expect((await simulate('--mix', '--history', '1s', '--duration', '1s')).exitCode).toBe(0);
  });

  it.each([
    [['--break', 'v9'], '--break v9: the versions are v7 (released) and v6 (previous)'],
    [['--previous', 'v7'], '--release and --previous name the same version'],
  ])('given %p says what is wrong', async (words, problem) => {
    expect(await simulate(...words)).toEqual({ exitCode: 2, stdout: '', stderr: `moola: ${problem}\n` });
  });
});
