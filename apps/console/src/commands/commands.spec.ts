import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { AlertVerdict } from '@moola/contracts/gen/moola/v1/signals_pb';
import { topics } from '@moola/contracts/topics';
import { DiskFullError, type EventLog } from '@moola/streams/ports/event-log';
import { eventually } from '@moola/streams/testing/eventually';
import { ConsoleServer } from '../testing/console-server.js';
import { minute, model, windowOf } from '../testing/facts.js';
import { incident, incidentStory } from '../testing/incident-facts.js';

const word = { id: 'command-9', actor: 'maria', kind: 'acknowledge', incidentNumber: 2 };

/** A log whose flushes wait until the test lets them. */
class HeldFlushes {
  asked = 0;
  private readonly released = new AbortController();
  private readonly held = once(this.released.signal, 'abort').then(() => undefined);

  around(log: EventLog): EventLog {
    const flushed = () => {
      this.asked++;
      return this.held;
    };
    return new Proxy(log, {
      get: (target, name) => {
        if (name === 'flushed') return flushed;
        const member: unknown = Reflect.get(target, name);
        return typeof member === 'function' ? (member.bind(target) as unknown) : member;
      },
    });
  }

  release(): void {
    this.released.abort();
  }
}

describe('a command', () => {
  let server: ConsoleServer;
  const send = async (body: unknown, path = `live/incidents/${incident}`) => {
    const response = await fetch(`${server.url}/api/v1/environments/${path}/commands`, {
      method: 'POST',
      body: typeof body === 'string' ? body : JSON.stringify(body),
      headers: { 'content-type': 'application/json' },
    });
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  };
  const outcome = async (id: string) => (await fetch(`${server.url}/api/v1/environments/live/commands/${id}`)).json();
  const written = async () => {
    const rows = await server.rows('live', topics.signals);
    return rows.map(({ model, kind }) => (kind.case === 'command' ? { model, ...kind.value } : kind.case));
  };
  const start = async (options: { around?: (log: EventLog) => EventLog } = {}) => {
    server = await ConsoleServer.start({ environments: ['live'], ...options });
    await server.facts('live', topics.incidents, incidentStory(0).slice(0, 2), minute);
  };

  afterEach(() => server.close());

  it('is taken while ingestion is refused for want of space, and answered 507 when nothing is left', async () => {
    let left: 'the reserve' | 'nothing' = 'the reserve';
    const around = (log: EventLog): EventLog =>
      new Proxy(log, {
        get: (target, name) => {
          const member: unknown = Reflect.get(target, name);
          if (typeof member !== 'function') return member;
          if (name !== 'append') return member.bind(target) as unknown;
          return (...parameters: Parameters<EventLog['append']>) =>
            parameters[2] === 'request' || left === 'nothing'
              ? Promise.reject(new DiskFullError('the data folder'))
              : target.append(...parameters);
        },
      });
    await start({ around });
    expect((await send(word)).status).toBe(202);
    left = 'nothing';
    expect(await send({ ...word, id: 'command-10' })).toEqual({
      status: 507,
      body: { statusCode: 507, error: 'Insufficient Storage', message: expect.stringContaining('no space left') },
    });
    expect((await fetch(`${server.url}/api/v1/environments/live/incidents`)).status).toBe(200);
  });

  describe('that is sent', () => {
    beforeEach(() => start());

    it('is written where the responder reads, as it was said', async () => {
      const answer = { accepted: true, id: word.id, actor: 'maria', authenticated: false };
      expect(await send(word)).toEqual({ status: 202, body: answer });
      expect(await send({ ...word, id: 'command-10', kind: 'resolve', reason: 'labels were late' })).toMatchObject({
        ...{ status: 202, body: { id: 'command-10' } },
      });
      expect(await written()).toMatchObject([
        {
          ...{ model, incident, id: word.id, actor: 'maria', authenticated: false, incidentNumber: 2 },
          kind: { case: 'acknowledge' },
        },
        { id: 'command-10', kind: { case: 'resolve', value: { reason: 'labels were late' } } },
      ]);
    });

    it('may be a verdict', async () => {
      const verdict = { ...word, id: 'command-11', kind: 'judge', verdict: 'false', note: 'labels were late' };
      expect((await send(verdict)).status).toBe(202);
      expect(await written()).toMatchObject([
        { incident, kind: { case: 'judge', value: { verdict: AlertVerdict.FALSE, note: 'labels were late' } } },
      ]);
      const refused = async (body: unknown) => (await send(body)).body['message'];
      expect(await refused({ ...verdict, verdict: 'wrong' })).toEqual([expect.stringContaining('verdict: ')]);
      expect(await refused({ ...verdict, verdict: undefined })).toEqual([
        'verdict: is missing: one of real, false, unclear',
      ]);
      expect((await send(verdict, 'live/incidents/Fraud~Nothing~1')).status).toBe(404);
      expect(await written()).toHaveLength(1);
    });

    it('may report what no alert fired for, of a rule that there is', async () => {
      const report = async (body: object, environment = 'live') => {
        const response = await fetch(`${server.url}/api/v1/environments/${environment}/missed-incidents`, {
          method: 'POST',
          body: JSON.stringify({ ...sound, ...body }),
          headers: { 'content-type': 'application/json' },
        });
        return { status: response.status, message: ((await response.json()) as { message?: unknown }).message };
      };
      const sound = {
        ...{ id: 'command-12', actor: 'maria', model, from: '2026-01-31T12:00:00Z', to: '2026-01-31T14:00:00Z' },
      };
      await server.facts('live', topics.snapshots, [windowOf(minute, 'v2', 0.9, 'serves')], minute);
      expect((await report({ rule: 'DefaultAccuracyLow', note: 'a customer called' })).message).toEqual([
        expect.stringMatching(/^rule: Fraud has no rule "DefaultAccuracyLow": there is .+; or leave it out$/),
      ]);
      expect((await report({ note: 'a customer called' })).status).toBe(202);
      expect(await written()).toMatchObject([
        {
          ...{ model, id: 'command-12', actor: 'maria', incident: '' },
          kind: {
            case: 'reportMissed',
            value: {
              fromMs: Date.UTC(2026, 0, 31, 12),
              toMs: Date.UTC(2026, 0, 31, 14),
              rule: '',
              note: 'a customer called',
            },
          },
        },
      ]);
      expect(await report({ to: sound.from })).toEqual({
        ...{ status: 400, message: ['to: 2026-01-31T12:00:00Z is not after from, 2026-01-31T12:00:00Z'] },
      });
      expect((await report({ from: '2026-01-31T12:00:00' })).message).toEqual([
        expect.stringContaining('from: "2026-01-31T12:00:00" has no time zone'),
      ]);
      expect((await report({ model: 'Other' })).status).toBe(404);
      expect((await report({}, 'elsewhere')).status).toBe(404);
      expect((await report({ actor: undefined })).status).toBe(400);
      expect(await written()).toHaveLength(1);
    });

    it('waits until the responder answers in the timeline', async () => {
      await send(word);
      expect(await outcome(word.id)).toEqual({ state: 'waiting' });
      server.answerCommands('live', ({ id, actor }) => ({
        ...{ number: 3, atMs: 2 * minute, model },
        kind: { case: 'acknowledged', value: { by: actor, command: id } },
      }));
      await eventually(
        'the answer is known',
        async () => ((await outcome(word.id)) as { state: string }).state === 'obeyed',
      );
      expect(await outcome(word.id)).toEqual({
        ...{ state: 'obeyed', incident, number: 3, atMs: 2 * minute, reason: '' },
      });
    });

    it('that is refused says why', async () => {
      server.answerCommands('live', ({ id, actor }) => ({
        ...{ number: 3, atMs: 2 * minute, model },
        kind: { case: 'commandRefused', value: { by: actor, command: id, reason: 'it is resolved' } },
      }));
      await send(word);
      await eventually(
        'the answer is known',
        async () => ((await outcome(word.id)) as { state: string }).state === 'refused',
      );
      expect(await outcome(word.id)).toMatchObject({ incident, number: 3, reason: 'it is resolved' });
    });

    it.each([
      [{ ...word, id: 'short' }, ['id: Too small: expected string to have >=8 characters']],
      [{ ...word, actor: undefined }, ['actor: no authentication is configured here: say who you are']],
      [{ ...word, actor: '' }, ['actor: Too small: expected string to have >=1 characters']],
      [{ ...word, kind: 'reopen' }, ['kind: Invalid option: expected one of "acknowledge"|"resolve"|"judge"']],
      [{ ...word, incidentNumber: -1 }, ['incidentNumber: Too small: expected number to be >=0']],
      [{ ...word, force: true }, ['the body: Unrecognized key: "force"']],
      [
        {},
        [
          'id: Invalid input: expected string, received undefined',
          'kind: Invalid option: expected one of "acknowledge"|"resolve"|"judge"',
          'incidentNumber: Invalid input: expected number, received undefined',
        ],
      ],
      [[], ['the body: Invalid input: expected object, received array']],
    ])('as %j is refused with all that is wrong, and not written', async (body, message) => {
      expect(await send(body)).toMatchObject({ status: 400, body: { message } });
      expect(await written()).toEqual([]);
    });

    it('that is no JSON is refused', async () => {
      expect((await send('{')).status).toBe(400);
    });

    it.each([
      ['live/incidents/None-1', 'environment live has no incident "None-1"'],
      ['nowhere/incidents/None-1', 'there is no environment "nowhere"; there are live'],
    ])('to %s finds nobody', async (path, message) => {
      expect(await send(word, path)).toMatchObject({ status: 404, body: { message } });
    });
  });

  it('is answered only when it survives a power cut', async () => {
    const flushes = new HeldFlushes();
    await start({ around: (log) => flushes.around(log) });
    let isAnswered = false;
    const answer = send(word).then((each) => {
      isAnswered = true;
      return each;
    });
    await eventually('it is written and its flush was asked for', () => flushes.asked > 0 || isAnswered);
    // Whoever answered without the flush has answered by the time that another request is through.
    await outcome(word.id);
    expect([isAnswered, (await written()).length]).toEqual([false, 1]);
    flushes.release();
    expect((await answer).status).toBe(202);
  });
});
