import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { topics } from '@moola/contracts/topics';
import { Role } from '@moola/contracts/gen/moola/v1/telemetry_pb';
import { ConsoleServer } from '../testing/console-server.js';
import { budgetOf, comparisonOf, deploymentOf, minute, revenueOf, windowOf } from '../testing/facts.js';
import { incident, incidentStory } from '../testing/incident-facts.js';
import type { EnvironmentFold } from './environment-fold.js';

const seen = (fold: EnvironmentFold) => ({
  environment: fold.view(),
  models: [...fold.models].map(([name, model]) => [name, model.view(fold.openIncidentsOf(name))]),
  histories: [...fold.models].map(([name, model]) => [name, model.history.read('accuracy', null)]),
  incidents: [...fold.incidents].map(([id, each]) => [id, each.view(fold.clockMs), each.markdown]),
  answers: fold.answers.outcome('command-1'),
});

describe('the read side of an environment', () => {
  let server: ConsoleServer;
  const story = incidentStory(0);

  beforeEach(async () => {
    server = await ConsoleServer.start({ environments: ['live'] });
  });
  afterEach(() => server.close());

  it('is the same when it is folded again from the beginning', async () => {
    await server.facts('live', topics.snapshots, [deploymentOf(0, 'v2', Role.PRIMARY, 'pipeline')], 1);
    await server.facts('live', topics.signals, [comparisonOf(minute, 0, 'v2', 0.4)], minute);
    await server.facts('live', topics.incidents, story.slice(0, 7), 20 * minute);
    expect(seen(await server.foldAgain('live'))).toEqual(seen(server.fold('live')));
    const afterwards = [
      deploymentOf(21 * minute, 'v1', Role.PRIMARY, 'responder', incident),
      windowOf(22 * minute, 'v1', 0.7, 'serves'),
      budgetOf(22 * minute, 'v1', 0.7, true),
    ];
    await server.facts('live', topics.snapshots, afterwards, 22 * minute);
    await server.facts('live', topics.signals, [comparisonOf(23 * minute, 21 * minute, 'v1', 0.5)], 23 * minute);
    await server.facts('live', topics.kpis, [revenueOf(24 * minute, 3)], 24 * minute);
    await server.facts('live', topics.incidents, story.slice(7), 61 * minute);
    const again = seen(await server.foldAgain('live'));
    expect(again).toEqual(seen(server.fold('live')));
    expect(again).toMatchObject({
      environment: { clockMs: 61 * minute, caughtUp: true, behind: 0, models: 1, openIncidents: 0 },
      answers: { state: 'obeyed', number: 5 },
    });
  });

  it('gathers what changed until somebody asks, and then begins anew', async () => {
    const fold = await server.foldAgain('live');
    expect(fold.takeChange()).toBeNull();
    await server.facts('live', topics.incidents, story.slice(0, 2), 1);
    const changed = await server.foldAgain('live');
    expect(changed.takeChange()).toEqual({ environment: 'live', models: ['Fraud'], incidents: [incident] });
    expect(changed.takeChange()).toBeNull();
  });
});
