import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { eventually } from '@moola/streams/testing/eventually';
import { topics } from '@moola/contracts/topics';
import { ConsoleServer } from '../testing/console-server.js';
import { EventStream } from '../testing/event-stream.js';
import { minute } from '../testing/facts.js';
import { incident, incidentStory } from '../testing/incident-facts.js';

describe('the stream of changes', () => {
  let server: ConsoleServer;
  let stream: EventStream;

  beforeEach(async () => {
    const feed = { everyMs: 5, heartbeatMs: 20, maximumListeners: 3 };
    server = await ConsoleServer.start({ environments: ['live', 'example'], feed });
    stream = await EventStream.open(`${server.url}/api/v1/changes`);
  });
  afterEach(async () => {
    stream.close();
    await server.close();
  });

  it('begins with every environment', async () => {
    expect(stream.response.headers.get('content-type')).toContain('text/event-stream');
    expect(await stream.next()).toMatchObject({ type: 'environment', data: { environment: 'live', clockMs: null } });
    expect(await stream.next()).toMatchObject({ type: 'environment', data: { environment: 'example' } });
  });

  it('says what to read again when something has changed, and carries its environment', async () => {
    await server.facts('live', topics.incidents, incidentStory(0).slice(0, 2), minute);
    const change = await stream.until(({ type }) => type === 'change');
    expect(change.data).toEqual({ environment: 'live', models: ['Fraud'], incidents: [incident] });
    expect(await stream.next()).toMatchObject({ type: 'environment', data: { environment: 'live', openIncidents: 1 } });
  });

  it('tells every listener', async () => {
    const other = await EventStream.open(`${server.url}/api/v1/changes`);
    await server.facts('example', topics.incidents, incidentStory(0).slice(0, 1), minute);
    for (const each of [stream, other])
      expect((await each.until(({ type }) => type === 'change')).data).toMatchObject({ environment: 'example' });
    other.close();
  });

  it('beats while nothing happens, and carries the clocks', async () => {
    await stream.next();
    await stream.next();
    await server.tick('live', 7 * minute);
    const beat = await stream.until(({ data }) => (data as { clockMs: number | null }).clockMs === 7 * minute);
    expect(beat).toMatchObject({ type: 'environment', data: { environment: 'live' } });
  });

  it('has places for so many listeners; one that leaves makes room', async () => {
    const [second, third] = [
      await EventStream.open(`${server.url}/api/v1/changes`),
      await EventStream.open(`${server.url}/api/v1/changes`),
    ];
    const refused = await fetch(`${server.url}/api/v1/changes`);
    expect(refused.status).toBe(503);
    expect(await refused.json()).toMatchObject({ message: expect.stringContaining('MOOLA_MAXIMUM_LISTENERS') });
    second.close();
    await eventually('there is room again', async () => {
      const response = await fetch(`${server.url}/api/v1/changes`);
      await response.body?.cancel();
      return response.status === 200;
    });
    third.close();
  });

  it('ends when the server goes', async () => {
    await stream.next();
    await server.close();
    await expect(stream.until(() => false)).rejects.toThrow();
    server = await ConsoleServer.start({ environments: ['live'] });
  });
});
