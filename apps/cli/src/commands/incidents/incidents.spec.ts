import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Severity } from '@moola/contracts/gen/moola/v1/definitions_pb';
import { Tier } from '@moola/contracts/gen/moola/v1/incidents_pb';
import { topics } from '@moola/contracts/topics';
import type { IncidentView } from '@moola/standalone/console-views';
import { ConsoleServer } from '@moola/standalone/testing/console-server';
import { cannedServer } from '../../testing/canned-server.js';
import { moola } from '../../testing/moola.js';

const minute = 60_000;
const opened = Date.UTC(2008, 5, 27, 14, 3);

const openedEvent = (incident: string, atMs: number, severity: Severity, title: string) => ({
  ...{ incident, number: 1, atMs, model: 'SimpleLSTM' },
  kind: {
    case: 'opened',
    value: { rule: 'AccuracyDrop', version: 'v2', severity, title, breachAtMs: atMs - 5 * minute, gate: true },
  } as const,
});

describe('moola incidents', () => {
  let server: ConsoleServer;
  const incidents = (...words: string[]) => moola(['incidents', ...words, '--server', server.url]);

  beforeAll(async () => {
    server = await ConsoleServer.start({ environments: ['live', 'example'] });
    const drop = { incident: 'SimpleLSTM~AccuracyDrop~1', model: 'SimpleLSTM' };
    await server.incidentEvents('example', [
      openedEvent(drop.incident, opened, Severity.CRITICAL, 'Accuracy 18 %, limit 80 %, v2'),
      { ...drop, number: 2, atMs: opened, kind: { case: 'tier', value: { tier: Tier.ALERT_AND_SCALE } } },
      { ...drop, number: 3, atMs: opened, kind: { case: 'priced', value: { costUsd: 1000, usdPerMinute: 0.25 } } },
      openedEvent('SimpleLSTM~RecallLow~1', opened - minute, Severity.WARNING, 'Recall 40 %, limit 70 %, v2'),
      {
        ...{ incident: 'SimpleLSTM~RecallLow~1', model: 'SimpleLSTM', number: 2, atMs: opened },
        kind: { case: 'resolved', value: { reason: 'recovered', costUsd: 0 } },
      },
      {
        ...{ incident: 'SimpleLSTM~RecallLow~1', model: 'SimpleLSTM', number: 3, atMs: opened },
        kind: { case: 'postMortem', value: { markdown: '# Recall was low\n\nFor \u001b[31ma minute.\n' } },
      },
    ]);
    await server.tick('example', opened + 10 * minute);
    server.answerCommands('example', ({ id, actor, kind, incidentNumber }) => {
      const at = { number: 4, atMs: opened + 11 * minute, model: 'SimpleLSTM' };
      if (incidentNumber < 3)
        return {
          ...at,
          kind: {
            case: 'commandRefused',
            value: { command: id, by: actor, reason: 'changed since event 1; look again' },
          },
        };
      if (kind.case === 'resolve')
        return {
          ...at,
          number: 5,
          kind: {
            case: 'resolved',
            value: { command: id, by: actor, reason: kind.value.reason, reopensAtMs: opened + 60 * minute },
          },
        };
      return { ...at, kind: { case: 'acknowledged', value: { command: id, by: actor } } };
    });
  });
  afterAll(() => server.close());

  it('are listed with what they cost now, the newest first', async () => {
    const { exitCode, stdout, stderr } = await incidents('list', '--environment', 'example');
    expect(stdout).toBe(
      [
        'INCIDENT                   SEVERITY  STATE     TIER             OPENED (UTC)           COST  TITLE',
        'SimpleLSTM~AccuracyDrop~1  critical  open      alert and scale  2008-06-27 14:03  $1,002.50  Accuracy 18 %, limit 80 %, v2, since 13:58',
        'SimpleLSTM~RecallLow~1     warning   resolved  none             2008-06-27 14:02      $0.00  Recall 40 %, limit 70 %, v2, since 13:57',
        '',
      ].join('\n'),
    );
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  });

  it('are listed without the resolved ones, and as JSON', async () => {
    const { stdout } = await incidents('list', '--open', '--json', '--environment', 'example');
    expect(JSON.parse(stdout)).toEqual([
      expect.objectContaining({ id: 'SimpleLSTM~AccuracyDrop~1', severity: 'critical', costUsd: 1002.5, number: 3 }),
    ]);
  });

  it('are listed of one model', async () => {
    const of = (model: string) => incidents('list', '--model', model, '--json', '--environment', 'example');
    expect(JSON.parse((await of('SimpleLSTM')).stdout)).toHaveLength(2);
    expect((await of('Other')).stdout).toBe('[]\n');
    expect(await incidents('list', '--open', '--model', 'Other', '--environment', 'example')).toEqual({
      ...{ exitCode: 0, stderr: '' },
      stdout: 'no open incidents of model "Other" in environment example\n',
    });
  });

  it('are listed a page at a time', async () => {
    const first = await incidents('list', '--limit', '1', '--environment', 'example');
    expect(first.stdout).toContain('AccuracyDrop~1');
    expect(first.stdout).not.toContain('RecallLow');
    expect(first.stderr).toBe('1 of 2: add --before SimpleLSTM~AccuracyDrop~1 for the next ones\n');
    const words = ['list', '--before', 'SimpleLSTM~AccuracyDrop~1', '--environment', 'example'];
    const next = await incidents(...words);
    expect(next).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('RecallLow~1'), stderr: '' });
    expect(next.stdout).not.toContain('AccuracyDrop~1');
    expect(await incidents('list', '--before', 'SimpleLSTM~RecallLow~1', '--environment', 'example')).toMatchObject({
      stdout: 'no incidents after SimpleLSTM~RecallLow~1 in environment example\n',
    });
    expect((await incidents('list', '--limit', '0')).exitCode).toBe(2);
  });

  it('of a replay have the dates of its story', async () => {
    const startMs = opened - 10 * minute;
    const labels = Array.from({ length: 40 }, (_, day) => `2008-0${6 + Math.floor(day / 30)}-${10 + (day % 30)}`);
    server.fold('example').calendar = { startMs, stepMs: minute, labels };
    const list = await incidents('list', '--environment', 'example');
    expect(list.stdout).toMatch(/^INCIDENT .* OPENED \(STORY\) /);
    expect(list.stdout).toContain('2008-06-19');
    expect(list.stdout).toContain('v2, since 2008-06-14');
    const show = await incidents('show', 'SimpleLSTM~AccuracyDrop~1', '--environment', 'example');
    expect(show.stdout).toContain('opened       2008-06-19\n');
    expect(show.stdout).toContain('the condition first held at 2008-06-14');
    expect(`${list.stdout}${show.stdout}`).not.toContain('UTC');
    server.fold('example').calendar = null;
  });

  it('that are all somewhere else are pointed at', async () => {
    expect(await incidents('list')).toEqual({
      exitCode: 0,
      stdout: 'no incidents in environment live\n',
      stderr: 'example has 2: add --environment example\n',
    });
    expect(await incidents('list', '--json')).toEqual({
      exitCode: 0,
      stdout: '[]\n',
      stderr: 'example has 2: add --environment example\n',
    });
  });

  it('that are looked for in the wrong environment are found in the right one', async () => {
    for (const words of [['incidents', 'show'], ['incidents', 'ack'], ['postmortem']])
      expect(await moola([...words, 'SimpleLSTM~RecallLow~1', '--server', server.url])).toEqual({
        exitCode: 1,
        stdout: '',
        stderr:
          'moola: environment live has no incident "SimpleLSTM~RecallLow~1"; example has it: add --environment example\n',
      });
    expect(await incidents('show', 'None-1')).toEqual({
      ...{ exitCode: 1, stdout: '' },
      stderr: 'moola: environment live has no incident "None-1"\n',
    });
  });

  it('have a post-mortem, in which nothing steers the terminal', async () => {
    const { stdout } = await moola(['postmortem', 'SimpleLSTM~RecallLow~1', '--environment', 'example'], {
      env: { MOOLA_SERVER: server.url },
    });
    expect(stdout).toBe('# Recall was low\n\nFor \\u001b[31ma minute.\n');
  });

  it('have no post-mortem while they are open', async () => {
    const words = ['postmortem', 'SimpleLSTM~AccuracyDrop~1', '--environment', 'example', '--server', server.url];
    expect(await moola(words)).toEqual({
      ...{ exitCode: 1, stdout: '' },
      stderr: 'moola: incident SimpleLSTM~AccuracyDrop~1 is open: its post-mortem is written when it is resolved\n',
    });
  });

  it('are acknowledged when the responder says so, as who runs the command', async () => {
    const ending = await incidents('ack', 'SimpleLSTM~AccuracyDrop~1', '--environment', 'example');
    expect(ending).toEqual({
      ...{ exitCode: 0, stderr: '' },
      stdout: 'acknowledged SimpleLSTM~AccuracyDrop~1 as maria (event 4, name self-declared)\n',
    });
    const commands = (await server.rows('example', topics.signals)).flatMap(({ kind }) =>
      kind.case === 'command' ? [kind.value] : [],
    );
    expect(commands[0]).toMatchObject({
      ...{ actor: 'maria', incident: 'SimpleLSTM~AccuracyDrop~1', incidentNumber: 3 },
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
    });
  });

  it('are not acknowledged when the responder refuses', async () => {
    const words = ['ack', 'SimpleLSTM~AccuracyDrop~1', '--environment', 'example', '--as', 'jo', '--seen', '1'];
    expect(await incidents(...words)).toEqual({
      ...{ exitCode: 1, stdout: '' },
      stderr: 'moola: refused: changed since event 1; look again\n',
    });
  });

  it('are resolved for a reason', async () => {
    const words = ['resolve', 'SimpleLSTM~AccuracyDrop~1', '--environment', 'example'];
    expect(await incidents(...words)).toEqual({
      ...{ exitCode: 2, stdout: '' },
      stderr: "moola: required option '--reason <text>' not specified. Add --help to see what there is.\n",
    });
    expect(await incidents(...words, '--reason', 'labels were late', '--as', 'jo')).toEqual({
      ...{ exitCode: 0, stderr: '' },
      stdout:
        'resolved SimpleLSTM~AccuracyDrop~1 as jo (event 5, name self-declared)\n' +
        'its alert still fires: it is opened again at 2008-06-27 15:03:00 UTC unless that ends before, or has no data then\n',
    });
  });

  it('of which the responder says nothing are not waited for for ever', async () => {
    await server.incidentEvents('live', [openedEvent('Fraud~Drop~1', opened, Severity.INFO, 'Drop')]);
    expect(await incidents('ack', 'Fraud~Drop~1', '--wait', '1ms')).toEqual({
      ...{ exitCode: 1, stdout: '' },
      stderr:
        'moola: no answer within 0.001 s: the command is stored and will be answered; ' +
        'see `moola incidents show Fraud~Drop~1`\n',
    });
    server.replays('live', { step: 9, steps: 9, finished: true });
    expect((await incidents('ack', 'Fraud~Drop~1', '--wait', '1ms')).stderr).toBe(
      'moola: no answer within 0.001 s: the replay of environment live has ended, and time stands still there\n',
    );
  });
});

describe('moola incidents show', () => {
  const view: IncidentView = {
    ...{
      id: 'Fraud~Drop~1',
      model: 'Fraud',
      subject: null,
      segment: null,
      rule: 'Drop',
      title: 'Accuracy 71 %, limit 80 %, v2',
      severity: 'critical',
    },
    ...{
      summary: 'Accuracy is low',
      description: 'Look at the features first',
      labels: { team: 'fraud', tier: '1' },
      runbook: 'https://wiki.example.org/accuracy',
      url: 'https://moola.example.com/#1',
    },
    ...{
      version: 'v2',
      gate: true,
      acknowledgedBy: '',
      acknowledgedByAuthenticated: false,
      verdict: null,
      decision: null,
    },
    ...{ tier: 'emergency', state: 'resolved', openedAtMs: opened, breachAtMs: opened - 5 * minute },
    ...{ resolvedAtMs: opened + 90 * minute, costUsd: 12.345, usdPerMinute: 0, number: 10, hasPostMortem: true },
    noDataSinceMs: null,
    timeline: [
      { number: 1, atMs: opened, kind: 'opened', text: 'Opened: accuracy 0.71\nis below 0.80' },
      { number: 10, atMs: opened + 90 * minute, kind: 'resolved', text: 'Resolved by jo\u0007' },
    ],
  };
  const shown = async (incident: IncidentView, terminal: 'pipe' | 'tty', env: Record<string, string> = {}) => {
    const server = await cannedServer(200, JSON.stringify(incident));
    try {
      return (await moola(['incidents', 'show', incident.id, '--server', server.url], { terminal, env })).stdout;
    } finally {
      await server.close();
    }
  };

  it('tells what happened, in order', async () => {
    expect(await shown(view, 'pipe')).toBe(
      [
        'incident     Fraud~Drop~1',
        'title        Accuracy 71 %, limit 80 %, v2, since 13:58 UTC',
        'rule         Drop: Accuracy is low',
        'model        Fraud',
        'severity     critical',
        'tier         emergency',
        'state        resolved',
        'breach       2008-06-27 13:58 UTC',
        'opened       2008-06-27 14:03 UTC',
        'resolved     2008-06-27 15:33 UTC',
        'cost         $12.35',
        'description  Look at the features first',
        'labels       team=fraud, tier=1',
        'runbook      https://wiki.example.org/accuracy',
        'page         https://moola.example.com/#1',
        'post-mortem  moola postmortem Fraud~Drop~1',
        '',
        ' #  TIME (UTC)        EVENT',
        ' 1  2008-06-27 14:03  Opened: accuracy 0.71 is below 0.80',
        '10  2008-06-27 15:33  Resolved by jo\\u0007',
        '',
      ].join('\n'),
    );
  });

  it('tells since when there is no data', async () => {
    const open = { ...view, state: 'open', resolvedAtMs: null, noDataSinceMs: opened + minute } as const;
    expect(await shown(open, 'pipe')).toContain(
      'no data      since 2008-06-27 14:04 UTC: whether it is still so is not known\n',
    );
  });

  it('tells what is being done', async () => {
    const decision = { atMs: opened, from: 'v2', reason: 'no comparison yet', effect: 'none', evidence: '' } as const;
    const held = { ...view, decision: { ...decision, answer: 'hold', to: 'v1' } } as const;
    expect(await shown(held, 'pipe')).toContain('decided      hold: v2 goes on serving, no comparison yet\n');
    const moved = { ...view, decision: { ...decision, answer: 'mitigate', to: 'v1' } } as const;
    expect(await shown(moved, 'pipe')).toContain('decided      mitigate: v2 → v1, no comparison yet\n');
  });

  it('tells that an incident without a gate has no cost of its own', async () => {
    expect(await shown({ ...view, gate: false, costUsd: 0 }, 'pipe')).toContain(
      'cost         not priced: only lines with `gate: true`',
    );
    const job = { ...view, subject: { kind: 'job', name: 'fit-7' }, gate: false, costUsd: 0 } as const;
    expect(await shown(job, 'pipe')).toContain('cost         not priced: only answers of models are priced\n');
  });

  it('tells what it costs now, and nothing of what has not happened', async () => {
    const open = { ...view, state: 'open', resolvedAtMs: null, hasPostMortem: false, usdPerMinute: 0.5 } as const;
    const text = await shown({ ...open, url: '', runbook: '' }, 'pipe');
    expect(text).toMatch(/^page +http:\/\/127\.0\.0\.1:\d+\/\?environment=live#\/incidents\/Fraud~Drop~1$/m);
    expect(text).not.toContain('runbook');
    expect(text).toContain('cost         $12.35, $0.50 a minute now\n');
    expect(text).not.toMatch(/resolved +2|postmortem/);
  });

  it('is coloured on a terminal, unless colours are not wanted', async () => {
    expect(await shown(view, 'tty')).toContain('\u001b[31mcritical\u001b[39m');
    expect(await shown(view, 'tty', { NO_COLOR: '1' })).toBe(await shown(view, 'pipe'));
  });
});
