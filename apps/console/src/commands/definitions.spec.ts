import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { topics } from '@moola/contracts/topics';
import { ConsoleServer } from '../testing/console-server.js';

const modelYaml = 'kind: Model\nname: Fraud\n';
const ruleYaml = `kind: Rule
name: ErrorsHigh
model: Fraud
metric: error_rate
window: 1m
above: 0.05
for: 0s
severity: critical
summary: Too many errors
`;

describe('definitions', () => {
  let server: ConsoleServer;
  const apply = async (body: unknown, environment = 'live') => {
    const response = await fetch(`${server.url}/api/v1/environments/${environment}/definitions`, {
      method: 'POST',
      body: JSON.stringify(body),
      headers: { 'content-type': 'application/json' },
    });
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  };
  const file = (yaml: string) => ({ file: 'definitions.yaml', yaml });
  const written = async () =>
    (await server.rows('live', topics.definitions)).map(({ kind, name }) => `${kind.case} ${name}`);

  beforeEach(async () => {
    server = await ConsoleServer.start({ environments: ['live'] });
  });
  afterEach(() => server.close());

  it('are written one by one, in the order of the file', async () => {
    expect(await apply(file(`${modelYaml}---\n${ruleYaml}`))).toEqual({
      ...{ status: 200, body: { applied: ['model Fraud', 'rule ErrorsHigh'], unchanged: [] } },
    });
    expect(await written()).toEqual(['model Fraud', 'rule ErrorsHigh']);
  });

  it('are written once, however often they are applied', async () => {
    await apply(file(`${modelYaml}---\n${ruleYaml}`));
    const harder = ruleYaml.replace('critical', 'emergency');
    expect((await apply(file(`${modelYaml}---\n${harder}`))).body).toEqual({
      ...{ applied: ['rule ErrorsHigh'], unchanged: ['model Fraud'] },
    });
    // What was in force once, and is no longer, is no repetition.
    expect((await apply(file(ruleYaml))).body).toEqual({ applied: ['rule ErrorsHigh'], unchanged: [] });
    expect(await written()).toEqual(['model Fraud', 'rule ErrorsHigh', 'rule ErrorsHigh', 'rule ErrorsHigh']);
  });

  it('may name a model of an earlier file', async () => {
    await apply(file(modelYaml));
    expect((await apply(file(ruleYaml))).status).toBe(200);
    expect(await written()).toEqual(['model Fraud', 'rule ErrorsHigh']);
  });

  it('are refused with all that is wrong at once, and none is written', async () => {
    const wrong = `${modelYaml}---\n${ruleYaml.replace('0s', 'soon').replace('critical', 'grave')}---\nkind: Modle\nname: A\n`;
    const { status, body } = await apply(file(wrong));
    expect(status).toBe(400);
    expect(body['message']).toEqual([
      expect.objectContaining({ file: 'definitions.yaml', line: 10, path: 'for', subject: 'Rule ErrorsHigh' }),
      expect.objectContaining({ line: 11, path: 'severity' }),
      expect.objectContaining({ line: 14, path: 'kind', detail: expect.stringContaining('did you mean Model?') }),
    ]);
    expect(await written()).toEqual([]);
  });

  it.each([[{}], [{ yaml: modelYaml }], [[]], [{ ...file(modelYaml), dry: true }]])(
    'in the body %j are not understood',
    async (body) => {
      expect(await apply(body)).toMatchObject({
        ...{
          status: 400,
          body: { message: 'the body must be {"file": "<name>", "yaml": "<text>"}, or {"files": [<such>, …]}' },
        },
      });
    },
  );

  it('of several files are taken together, their problems told file by file', async () => {
    const [rules, models] = [
      { file: 'b.yaml', yaml: ruleYaml },
      { file: 'a.yaml', yaml: modelYaml },
    ];
    const wrong = { file: 'c.yaml', yaml: ruleYaml.replace('0s', 'soon') };
    expect((await apply({ files: [rules, models, wrong] })).body['message']).toEqual([
      expect.objectContaining({ file: 'c.yaml', line: 7, path: 'for' }),
    ]);
    expect((await apply({ files: [rules, models, models] })).body['message']).toEqual([
      expect.objectContaining({ file: 'a.yaml', detail: 'is defined twice: in document 1 as well' }),
    ]);
    expect((await apply({ files: [rules, models] })).status).toBe(200);
    expect(await written()).toEqual(['rule ErrorsHigh', 'model Fraud']);
  });

  describe('in force', () => {
    const at = (...path: string[]) =>
      `${server.url}/api/v1/environments/live/definitions/${path.map(encodeURIComponent).join('/')}`;
    const ask = async (method: string, ...path: string[]) => {
      const response = await fetch(at(...path).replace(/\/$/, ''), { method });
      return { status: response.status, body: await response.json() };
    };

    it('are listed by kind and name, the latest of each, and shown so that they can be applied again', async () => {
      await apply(file(`${ruleYaml}---\n${modelYaml}`));
      await apply(file(ruleYaml.replace('0.05', '0.1')));
      const { body } = await ask('GET');
      const by = { author: '', authorAuthenticated: false };
      expect(body).toEqual([
        { ...by, kind: 'model', name: 'Fraud', version: 1, yaml: expect.stringContaining('kind: Model') },
        { ...by, kind: 'rule', name: 'ErrorsHigh', version: 2, yaml: expect.stringContaining('above: 0.1') },
      ]);
      const shown = await ask('GET', 'Rule', 'ErrorsHigh');
      expect(shown).toEqual({ status: 200, body: (body as unknown[])[1] });
      expect((await apply(file((shown.body as { yaml: string }).yaml))).status).toBe(200);
    });

    it('carry who applied them: as the sender says where nobody is authenticated, and whoever applies the same again is not', async () => {
      await apply({ ...file(modelYaml), actor: 'maria' });
      await apply({ ...file(modelYaml), actor: 'jo' });
      expect((await ask('GET', 'model', 'Fraud')).body).toMatchObject({ author: 'maria', authorAuthenticated: false });
    });

    it('carry the name of the token that applied them, whatever name is claimed', async () => {
      const locked = await ConsoleServer.start({ environments: ['live'], token: 'secret-of-the-pipeline' });
      const url = `${locked.url}/api/v1/environments/live/definitions`;
      const headers = { 'content-type': 'application/json', authorization: 'Bearer secret-of-the-pipeline' };
      const send = (body: unknown) => fetch(url, { method: 'POST', headers, body: JSON.stringify(body) });
      expect((await send({ ...file(modelYaml), actor: 'maria' })).status).toBe(400);
      expect((await send(file(modelYaml))).status).toBe(200);
      const [shown] = (await (await fetch(url, { headers })).json()) as unknown[];
      expect(shown).toMatchObject({ author: expect.stringMatching(/./), authorAuthenticated: true });
      await locked.close();
    });

    it('are deleted by a record of their own; what nobody defines any more cannot be named', async () => {
      await apply(file(`${modelYaml}---\n${ruleYaml}`));
      expect(await ask('DELETE', 'rule', 'ErrorsHigh')).toEqual({
        ...{ status: 200, body: { deleted: ['rule ErrorsHigh'], kept: [] } },
      });
      expect(await written()).toEqual(['model Fraud', 'rule ErrorsHigh', 'deletion ErrorsHigh']);
      expect((await ask('GET', 'rule', 'ErrorsHigh')).status).toBe(404);
      const route = 'kind: Route\nname: team\nmodel: Fraud\nchannels: [{ kind: terminal, name: here }]\n';
      await apply(file(`${ruleYaml}---\n${route}`));
      expect((await ask('DELETE', 'model', 'Fraud')).body).toEqual({
        ...{ deleted: ['rule ErrorsHigh', 'model Fraud'], kept: ['route team'] },
      });
      expect((await ask('DELETE', 'route', 'team')).status).toBe(200);
      expect((await ask('GET')).body).toEqual([]);
      expect((await apply(file(ruleYaml))).body['message']).toEqual([
        expect.objectContaining({ path: 'model', detail: expect.stringContaining('"Fraud" is no declared model') }),
      ]);
    });

    it('are asked for by a kind and a name that there are', async () => {
      await apply(file(modelYaml));
      const messages = await Promise.all(
        [
          ['model', 'Fruad'],
          ['rule', 'Fraud'],
          ['modle', 'Fraud'],
        ].map(async (path) => [
          ...[await ask('GET', ...path), await ask('DELETE', ...path)].map(({ status, body }) => [
            ...[status, (body as { message: string }).message],
          ]),
        ]),
      );
      const twice = (message: string) => [
        [404, message],
        [404, message],
      ];
      expect(messages).toEqual([
        twice('no model "Fruad" is in force (did you mean Fraud?)'),
        twice('no rule "Fraud" is in force (none is applied)'),
        twice('"modle" is no kind of definition: there are model, rule, value, playbook, route, infrastructure'),
      ]);
    });
  });

  it('for an environment that there is not are refused', async () => {
    expect(await apply(file(modelYaml), 'nowhere')).toMatchObject({
      ...{ status: 404, body: { message: 'there is no environment "nowhere"; there are live' } },
    });
  });
});
