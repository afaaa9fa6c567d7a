import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import type { Definition } from '../gen/moola/v1/definitions_pb.js';
import { deletionOf, goneWith, inForce, kindOf, routesOf } from './in-force.js';
import { parseDefinitions } from './parse-definitions.js';
import { definitionYaml } from './to-yaml.js';

function read(yaml: string): readonly Definition[] {
  const result = parseDefinitions(yaml, 'definitions.yaml');
  if ('problems' in result) throw new Error(JSON.stringify(result.problems));
  return result.definitions;
}

const fraud = read(`kind: Model
name: Fraud
---
kind: Rule
name: Drop
model: Fraud
metric: accuracy
window: 1h
below: 0.8
severity: critical
---
kind: Rule
name: Slow
metric: latency_p95
window: 1h
above: 80
severity: warning
---
kind: Value
name: Fraud
---
kind: Playbook
name: default
---
kind: Route
name: team
model: Fraud
channels: [{ kind: terminal, name: here }]
`);

const told = (definitions: readonly Definition[]) => definitions.map((each) => `${kindOf(each)} ${each.name}`);

describe('what is in force', () => {
  it('is the latest of each kind and name', () => {
    const slower = read('kind: Rule\nname: Slow\nmetric: latency_p99\nwindow: 1h\nabove: 90\nseverity: info\n');
    const after = inForce([...fraud, ...slower]);
    expect(told(after)).toEqual(told(fraud));
    expect(after[2]?.kind.value).toMatchObject({ metric: 'latency_p99' });
  });

  it('is not what has been deleted since, and is what came again', () => {
    expect(told(inForce([...fraud, deletionOf('rule', 'Drop')]))).not.toContain('rule Drop');
    expect(told(inForce([...fraud, deletionOf('value', 'Fraud')]))).toContain('model Fraud');
    expect(told(inForce([...fraud, deletionOf('rule', 'Drop'), ...fraud]))).toContain('rule Drop');
  });
});

describe('what goes', () => {
  it('with a model is all that names it but its routes, and the model last', () => {
    expect(told(goneWith('model', 'Fraud', fraud))).toEqual(['rule Drop', 'value Fraud', 'model Fraud']);
  });

  it('and what stays are the routes through which people hear of its end', () => {
    expect(told(routesOf('Fraud', fraud))).toEqual(['route team']);
    expect(routesOf('Other', fraud)).toEqual([]);
  });

  it('with anything else is that alone', () => {
    expect(told(goneWith('value', 'Fraud', fraud))).toEqual(['value Fraud']);
    expect(goneWith('model', 'Frau', fraud)).toEqual([]);
  });
});

describe('a definition as YAML', () => {
  const example = readFileSync(
    new URL('../../../../examples/index-volatility/definitions.yaml', import.meta.url),
    'utf8',
  );
  const special = `kind: Model
name: 'yes: "no"'
labelHorizon: 90m
labelledWith: [unit, latencyMs]
budget:
  window: 90s
  lines:
    - { metric: recall, below: 0.8, confidence: 0.9, for: 0s, summary: 'a: b', runbook: r }
    - { metric: error_rate, above: 0.05 }
registry: { registeredModel: m, alias: a }
---
kind: Rule
name: Drift
metric: accuracy
window: 5s
compare: differenceToBaseline
confidence: 0.8
below: -0.05
severity: emergency
---
kind: Rule
name: Silent
metric: predictions
window: 1m
onMissing: true
severity: critical
`;

  it.each([
    ['the example', read(example)],
    ['what has other values than the default', read(special)],
    ['what has defaults alone', fraud],
  ])('is read as the same again: %s', (_, definitions) => {
    expect(read(definitions.map(definitionYaml).join('---\n'))).toEqual(definitions);
  });
});
