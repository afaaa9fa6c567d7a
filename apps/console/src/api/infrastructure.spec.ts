import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { create, type MessageInitShape } from '@bufbuild/protobuf';
import {
  SignalSchema,
  type InfrastructureState,
  type InfrastructureStateSchema,
  type Signal,
} from '@moola/contracts/gen/moola/v1/signals_pb';
import { topics } from '@moola/contracts/topics';
import type { InfrastructureView } from '../read-model/subject-views.js';
import { ConsoleServer } from '../testing/console-server.js';
import { minute } from '../testing/facts.js';

type Fields = Exclude<MessageInitShape<typeof InfrastructureStateSchema>, InfrastructureState>;

const yaml = ['churn', 'fraud']
  .map(
    (model) =>
      `kind: Model\nname: ${model}\n---\nkind: Infrastructure\nname: ${model}-pods\nmodel: ${model}\nserver: main\npreset: kubernetes\n`,
  )
  .join('---\n');
const state = (definition: string, version: number, fields: Fields): Signal =>
  create(SignalSchema, {
    ...{ atMs: minute, model: definition.slice(0, -5) },
    kind: { case: 'infrastructure', value: { definition, version, ...fields } },
  });

let server: ConsoleServer;
beforeEach(async () => {
  server = await ConsoleServer.start({ environments: ['live'] });
  const body = JSON.stringify({ file: 'pods.yaml', yaml });
  const headers = { 'content-type': 'application/json' };
  const url = `${server.url}/api/v1/environments/live/definitions`;
  expect((await fetch(url, { method: 'POST', headers, body })).status).toBe(200);
});
afterEach(() => server.close());

const asked = async (query = ''): Promise<InfrastructureView[]> => {
  const answer = await fetch(`${server.url}/api/v1/environments/live/infrastructure${query}`);
  return (await answer.json()) as InfrastructureView[];
};

it('what Prometheus servers are asked for is listed before anybody has asked', async () => {
  expect(await asked()).toMatchObject([
    { definition: 'churn-pods', model: 'churn', server: 'main', intervalMs: 30_000, askedMs: null, problems: [] },
    { definition: 'fraud-pods', askedMs: null, answeredMs: null, instances: 0 },
  ]);
  expect(await asked('?model=fraud')).toMatchObject([{ definition: 'fraud-pods' }]);
  expect(await asked('?models=fraud')).toMatchObject({ statusCode: 400 });
});

it('how asking goes is what was said last of the version in force', async () => {
  // Records of models and of what is asked for alternate: version 1 is that of churn, 3 that of fraud.
  const facts = [
    state('churn-pods', 1, { askedMs: 1000, answeredMs: 1000, instances: 3 }),
    state('churn-pods', 1, { askedMs: 2000, answeredMs: 1000, valuesDropped: 2, problems: ['main answers HTTP 500'] }),
    state('churn-pods', 0, { askedMs: 3000, instances: 9 }),
    state('fraud-pods', 2, { askedMs: 1000, instances: 9 }),
    state('gone-pods', 7, { askedMs: 1000, instances: 9 }),
  ];
  await server.facts('live', topics.signals, facts, minute);
  expect(await asked()).toMatchObject([
    {
      definition: 'churn-pods',
      askedMs: 2000,
      answeredMs: 1000,
      instances: 0,
      valuesDropped: 2,
      problems: ['main answers HTTP 500'],
    },
    { definition: 'fraud-pods', askedMs: null, instances: 0 },
  ]);
  // A model does not appear by it.
  expect([...server.fold('live').models.keys()]).toEqual([]);
});
