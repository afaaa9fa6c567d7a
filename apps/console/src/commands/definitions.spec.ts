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
      ...{ status: 200, body: { applied: ['model Fraud', 'rule ErrorsHigh'] } },
    });
    expect(await written()).toEqual(['model Fraud', 'rule ErrorsHigh']);
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
        ...{ status: 400, body: { message: 'the body must be {"file": "<name>", "yaml": "<text>"}' } },
      });
    },
  );

  it('for an environment that there is not are refused', async () => {
    expect(await apply(file(modelYaml), 'nowhere')).toMatchObject({
      ...{ status: 404, body: { message: 'there is no environment "nowhere"; there are live' } },
    });
  });
});
