import { describe, expect, it } from '@jest/globals';
import type { Definition, InfrastructureDefinition } from '../gen/moola/v1/definitions_pb.js';
import { goneWith } from './in-force.js';
import { parseDefinitions } from './parse-definitions.js';
import { describeProblem } from './problems.js';
import { definitionYaml } from './to-yaml.js';

const model = 'kind: Model\nname: churn\n---\n';
const asking = (more: string): string =>
  `${model}kind: Infrastructure\nname: pods\nmodel: churn\nserver: main\n${more}`;

function read(text: string): readonly Definition[] {
  const result = parseDefinitions(text, 'f');
  if ('problems' in result) throw new Error(result.problems.map(describeProblem).join('\n'));
  return result.definitions;
}

function asked(more: string): InfrastructureDefinition {
  return read(asking(more))[1]!.kind.value as InfrastructureDefinition;
}

function problems(more: string): string[] {
  const result = parseDefinitions(asking(more), 'f');
  return 'problems' in result ? result.problems.map(({ path, detail }) => `${path}: ${detail}`) : [];
}

describe('kind: Infrastructure', () => {
  it('names a server and queries, with defaults', () => {
    expect(asked('queries: { cpuRatio: " avg by (instance) (cpu) " }')).toMatchObject({
      ...{ model: 'churn', server: 'main', intervalMs: 30_000, instanceLabel: 'instance' },
      queries: { cpuRatio: 'avg by (instance) (cpu)' },
    });
  });

  it('takes the queries of a preset, of what a selector names; its own queries replace them', () => {
    const { instanceLabel, queries } = asked(
      `preset: kubernetes\nselector: namespace="ml",pod=~"churn-.*"\nqueries: { memoryBytes: mine, diskRatio: disk }`,
    );
    expect(instanceLabel).toBe('pod');
    expect(queries).toMatchObject({ memoryBytes: 'mine', diskRatio: 'disk' });
    expect(queries['memoryLimitBytes']).toBe(
      'sum by (pod) (kube_pod_container_resource_limits{namespace="ml",pod=~"churn-.*",resource="memory"})',
    );
  });

  it.each([
    'preset: node-exporter\n',
    'preset: dcgm\ninterval: 5s\n',
    'instanceLabel: host\nqueries: { diskRatio: x }\n',
  ])('is written as it is read: %j', (more) => {
    const definitions = read(asking(more));
    expect(read(definitions.map(definitionYaml).join('---\n'))).toEqual(definitions);
  });

  it('goes with its model', () => {
    const gone = goneWith('model', 'churn', read(asking('preset: dcgm')));
    expect(gone.map(({ name }) => name)).toEqual(['pods', 'churn']);
  });

  it('says what is wrong, and what would be right', () => {
    expect(problems('')).toEqual([
      'queries: holds no query: write at least one, or name a preset (node-exporter, kubernetes, dcgm)',
    ]);
    expect(problems('preset: kubernets\n')).toEqual([
      'preset: "kubernets" is not one of node-exporter, kubernetes, dcgm (did you mean kubernetes?)',
    ]);
    expect(problems('preset: dcgm\ninterval: 1s')).toEqual([
      'interval: is not from 5s to 1m: a server is not asked more often, and an instance is silent after 2 minutes',
    ]);
    expect(problems('preset: dcgm\nselector: "{job=\'x\'}"')[0]).toMatch(
      /^selector: .* is not label matchers such as /,
    );
    expect(problems('selector: job="x"\nqueries: { cpuRatio: x }')).toEqual([
      'selector: has no effect without a preset: write the matchers into the queries',
    ]);
    expect(problems('queries: { cpu: x }')[0]).toMatch(
      /^queries.cpu: is no known field \(known are cpuRatio, memoryBytes, /,
    );
    expect(problems('queries: { cpuRatio: " " }')[0]).toMatch(/^queries.cpuRatio: " " is not a PromQL query/);
    expect(problems('preset: dcgm\nurl: http://10.0.0.1')[0]).toMatch(/^url: is no known field/);
    const other = parseDefinitions(
      'kind: Infrastructure\nname: pods\nmodel: chrn\nserver: main\npreset: dcgm',
      'f',
      read(model),
    );
    expect('problems' in other && other.problems.map(describeProblem)).toEqual([
      'f:3: document 1 (Infrastructure pods): model: "chrn" is no declared model (did you mean churn?)',
    ]);
  });
});
