import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { Comparator, Compare, Severity, type Definition } from '../gen/moola/v1/definitions_pb.js';
import { parseDefinitions } from './parse-definitions.js';
import { describeProblem } from './problems.js';
import { definitionsReference } from './reference.js';

const fromRoot = (path: string): string => readFileSync(new URL(`../../../../${path}`, import.meta.url), 'utf8');

function definitionsOf(text: string): readonly Definition[] {
  const result = parseDefinitions(text, 'definitions.yaml');
  if ('problems' in result) throw new Error(result.problems.map(describeProblem).join('\n'));
  return result.definitions;
}

function problemsOf(text: string, known: readonly Definition[] = []): string[] {
  const result = parseDefinitions(text, 'definitions.yaml', known);
  return 'problems' in result ? result.problems.map(describeProblem) : [];
}

const model = 'kind: Model\nname: Fraud\n';
const rule = (more: string): string => `${model}---\nkind: Rule\nname: Drop\nmodel: Fraud\n${more}`;
const wholeRule = rule('metric: accuracy\nwindow: 1h\nbelow: 0.8\nseverity: critical\n');

describe('parseDefinitions', () => {
  it('reads the example', () => {
    const definitions = definitionsOf(fromRoot('examples/index-volatility/definitions.yaml'));
    expect(definitions.map(({ name, kind }) => `${kind.case} ${name}`)).toEqual([
      'model SimpleLSTM',
      'rule SimpleLSTMAccuracyDrop',
      'rule SimpleLSTMRecallLow',
      'rule SimpleLSTMPrecisionLow',
      'rule SimpleLSTMLatencySpike',
      'rule SimpleLSTMErrorRateHigh',
      'rule SimpleLSTMNoPredictions',
      'rule SimpleLSTMNoLabels',
      'value SimpleLSTM',
      'playbook default',
      'route team',
      'route on-call',
      'route manager',
      'route executive',
    ]);
    expect(definitions[0]?.kind.value).toMatchObject({
      labelHorizonMs: 3_600_000,
      labelDependenceMs: 1_260_000,
      bucketMs: 60_000,
      budget: {
        windowMs: 1_800_000,
        knownGoodAfterMs: 3_600_000,
        knownGoodLabels: 120,
        lines: [
          { metric: 'accuracy', comparator: Comparator.BELOW, limit: 0.8, severity: Severity.CRITICAL, gate: true },
          { metric: 'precision', minimumSamples: 10, gate: false },
          { metric: 'recall' },
          { metric: 'latency_p95', comparator: Comparator.ABOVE, limit: 50 },
          { metric: 'cost_per_prediction', limit: 0.001 },
        ],
      },
      comparison: { alpha: 0.05, tunedForBuckets: 60, minimumPairs: 60 },
      registry: { registeredModel: 'SimpleLSTM', alias: 'champion' },
    });
    expect(definitions[1]?.kind.value).toMatchObject({
      model: 'SimpleLSTM',
      compare: Compare.BOUND,
      confidence: 0.75,
      forMs: 300_000,
      keepFiringForMs: 300_000,
      onMissing: false,
    });
    expect(definitions[6]?.kind.value).toMatchObject({ onMissing: true, comparator: Comparator.UNSPECIFIED });
  });

  it('fills in the defaults', () => {
    expect(definitionsOf(wholeRule)).toMatchObject([
      {
        version: 0,
        kind: {
          value: { positiveClass: '1', labelHorizonMs: 86_400_000, bucketMs: 5000, budget: { windowMs: 3_600_000 } },
        },
      },
      { kind: { value: { compare: Compare.FIGURE, forMs: 300_000, minimumSamples: 30, confidence: 0.95 } } },
    ]);
  });

  it('fills in the severities that a playbook leaves out', () => {
    const playbook =
      'kind: Playbook\nname: default\nseverities: [{ severity: info, respondWithin: 1m, escalateAfter: 2m }]\n';
    expect(definitionsOf(playbook)[0]?.kind.value).toMatchObject({
      severities: [
        { severity: Severity.INFO, respondWithinMs: 60_000, escalateTo: 'manager' },
        { severity: Severity.WARNING, respondWithinMs: 7_200_000 },
        { severity: Severity.CRITICAL, respondWithinMs: 1_800_000 },
        { severity: Severity.EMERGENCY, respondWithinMs: 900_000, escalateTo: 'executive' },
      ],
    });
  });

  it('tells of every problem at once, in the order of the file', () => {
    const text = [
      'kind: Model',
      'name: Fraud',
      'labelHorizn: 5m',
      'budget:',
      '  lines:',
      '    - { metric: accuracy, below: 0.8, gate: yes please }',
      '    - { metric: latency_p59, above: 50 }',
      '    - { metric: recall }',
      '---',
      'kind: Rule',
      'name: Drop',
      'model: Fraud',
      'metric: accuracy',
      'window: 1h',
      'below: 0.8',
      'for: 5 minuts',
      'severity: critcal',
    ].join('\n');
    expect(problemsOf(text)).toEqual([
      'definitions.yaml:3: document 1 (Model Fraud): labelHorizn: is no known field (did you mean labelHorizon?)',
      'definitions.yaml:6: document 1 (Model Fraud): budget.lines[0].gate: "yes please" is neither true nor false',
      expect.stringMatching(
        /^definitions.yaml:7: document 1 \(Model Fraud\): budget\.lines\[1\]\.metric: "latency_p59" is not one of .* \(did you mean latency_p50\?\)$/,
      ),
      'definitions.yaml:8: document 1 (Model Fraud): budget.lines[2]: has no limit: give either below or above',
      'definitions.yaml:16: document 2 (Rule Drop): for: "5 minuts" is no duration (try "5m")',
      'definitions.yaml:17: document 2 (Rule Drop): severity: "critcal" is not one of info, warning, critical, emergency (did you mean critical?)',
    ]);
  });

  const lines = 'metric: accuracy\nwindow: 1h\nbelow: 0.8\n';
  it.each([
    ['a missing field', rule(lines), 'severity: is missing: expected one of info, warning, critical, emergency'],
    ['a bare number as duration', `${wholeRule}for: 300\n`, 'for: 300 is no duration (try "300s")'],
    ['a duration without end', `${wholeRule}for: 99999d\n`, 'for: "99999d" is no duration (try "36500d")'],
    [
      'money whose products no number holds',
      'kind: Value\nname: m\npredictionsPerDay: 1.0e+300\n',
      'predictionsPerDay: 1e+300 is not a number, at least 0 and at most 1000000000000',
    ],
    [
      'a number in quotes',
      `${wholeRule}minimumSamples: '30'\n`,
      'minimumSamples: "30" is not a whole number, at least 1 (write 30, without quotes)',
    ],
    [
      'a fraction of samples',
      `${wholeRule}minimumSamples: 1.5\n`,
      'minimumSamples: 1.5 is not a whole number, at least 1',
    ],
    [
      'a class without quotes',
      `${model}positiveClass: 1\n`,
      "positiveClass: 1 is not text of 1 to 256 characters (write '1', in quotes)",
    ],
    [
      'a segment of several labels',
      `${wholeRule}segment: { region: eu, tier: gold }\n`,
      'segment: a group of fields is not one label with its value, such as { region: eu }: it has several labels',
    ],
    [
      'a segment without a label',
      `${wholeRule}segment: eu\n`,
      'segment: "eu" is not one label with its value, such as { region: eu }',
    ],
    [
      'a segment whose value is no text',
      `${wholeRule}segment: { store: 12 }\n`,
      "segment: 12 is no text: write { store: '12' }",
    ],
    [
      'a segment compared with a baseline',
      rule(
        'metric: accuracy\nwindow: 1h\nbelow: 0.9\nseverity: info\ncompare: ratioToBaseline\nsegment: { region: eu }\n',
      ),
      'segment: a segment has no baseline to compare with: use a limit of its own, or leave segment out',
    ],
    [
      'more segments than can be told apart',
      `${model}segments: { most: 5000 }\n`,
      'segments.most: 5000 is not a whole number, at least 0 and at most 1000',
    ],
    [
      'a field that no labelled prediction carries',
      `${model}labelledWith: [latency]\n`,
      'labelledWith[0]: "latency" is not one of latencyMs, costUsd, experimentArm, unit (did you mean latencyMs?)',
    ],
    ['NaN', `${model}designEffect: .nan\n`, 'designEffect: NaN is not a number, at least 1'],
    ['infinity', `${model}designEffect: .inf\n`, 'designEffect: Infinity is not a number, at least 1'],
    [
      'a percentage for a ratio',
      rule('metric: accuracy\nwindow: 1h\nbelow: 80\nseverity: info\n'),
      'below: 80 is not a ratio, accuracy lies between 0 and 1 (try 0.8)',
    ],
    ['two limits', `${wholeRule}above: 0.9\n`, 'has two limits: give either below or above, not both'],
    [
      'a limit beside onMissing',
      `${wholeRule}onMissing: true\n`,
      'has a limit beside onMissing: true, which needs none',
    ],
    [
      'a confidence without bound',
      `${wholeRule}confidence: 0.9\n`,
      'confidence: has no effect with compare: figure (bound has one)',
    ],
    [
      'a bound of a metric without interval',
      rule('metric: error_rate\nwindow: 1h\nabove: 0.1\nseverity: info\ncompare: bound\n'),
      'compare: bound needs an interval, which error_rate has not (accuracy, precision and recall have; use figure)',
    ],
    [
      'a window that is no multiple of the bucket',
      rule('metric: accuracy\nwindow: 62s\nbelow: 0.8\nseverity: info\n'),
      'window: 62s is no multiple of the bucket of Fraud, 5s (try "1m")',
    ],
    [
      'a window beyond the ring',
      rule('metric: accuracy\nwindow: 30d\nbelow: 0.8\nseverity: info\n'),
      'window: 30d is longer than the ring of buckets: with the bucket of Fraud, 5s, at most 1d',
    ],
    [
      'a budget window that is no multiple',
      `${model}bucket: 7s\n`,
      'budget.window: 1h is no multiple of the bucket, 7s (try "3598s")',
    ],
    [
      'a window of nothing',
      rule('metric: accuracy\nwindow: 0s\nbelow: 0.8\nseverity: info\n'),
      'window: "0s" is too short: it must be longer than nothing',
    ],
    [
      'an undeclared model',
      'kind: Value\nname: Frod\n---\nkind: Model\nname: Fraud\n',
      'name: "Frod" is no declared model (did you mean Fraud?)',
    ],
    [
      'a model in no file',
      'kind: Value\nname: Fraud\n',
      'name: "Fraud" is no declared model (add a document "kind: Model" with "name: Fraud", or name its file too)',
    ],
    [
      'a budget line that is out while its metric is good',
      `${model}budget: { window: 1h, lines: [{ metric: latency_p95, below: 80 }] }\n`,
      'budget.lines[0].below: latency_p95 is worse the higher it is: write "above: 80" (a Rule may watch the other side)',
    ],
    ['two documents of one name', `${model}---\n${model}`, 'name: is defined twice: in document 1 as well'],
    [
      'a route without channels',
      'kind: Route\nname: team\nchannels: []\n',
      'channels: has none of its channels: at least 1 is needed',
    ],
    ['a list where fields are expected', `${model}budget: [1]\n`, 'budget: a list is not a group of fields'],
    [
      'a name with a slash',
      'kind: Route\nname: a/b\nchannels: [{ kind: slack, name: team }]\n',
      'name: "a/b" is not a name of letters, digits, ".", "_" and "-"',
    ],
    [
      'an unknown kind',
      'kind: Modle\nname: Fraud\n',
      'kind: "Modle" is no kind: expected Model, Rule, Value, Playbook, Route, Infrastructure (did you mean Model?)',
    ],
    ['a document that is no group', '- 1\n', 'a list is not a group of fields with a kind and a name'],
  ])('names what is wrong and what would be right: %s', (_, text, expected) => {
    const problems = problemsOf(text);
    expect(problems).toHaveLength(1);
    expect(problems[0]?.replace(/^definitions\.yaml:\d+: document \d+( \([^)]*\))?: /, '')).toBe(expected);
  });

  it('refuses a file that is no YAML, with its line', () => {
    expect(problemsOf('kind: Model\nname: "Fraud\n')[0]).toMatch(/^definitions\.yaml:\d+: document 1: is not YAML: /);
    expect(problemsOf('a: &a [x, x]\nb: &b [*a, *a]\nname: a\nname: b\n')[0]).toMatch(
      /is not YAML: Map keys must be unique/,
    );
  });

  it('refuses a file that says nothing', () => {
    for (const text of ['', '---\n---\n', '# nothing\n']) {
      expect(problemsOf(text)).toEqual([
        'definitions.yaml:1: holds no definition: expected YAML documents with kind: Model, Rule, Value, Playbook, Route, Infrastructure',
      ]);
    }
  });

  it('knows the models that were declared before', () => {
    expect(problemsOf('kind: Value\nname: Fraud\n', definitionsOf(model))).toEqual([]);
  });
});

describe('the lines of a budget', () => {
  const linesOf = (text: string) => {
    const [definition] = definitionsOf(`${model}${text}`);
    return definition?.kind.case === 'model' ? definition.kind.value.budget?.lines : undefined;
  };
  const lines = (...written: string[]): string =>
    `budget:\n  lines:\n${written.map((line) => `    - ${line}\n`).join('')}`;

  it('alert when somebody wrote them: five minutes, on the bound where there is one', () => {
    const alert = { confidence: 0.95, forMs: 300_000, keepFiringForMs: 300_000, summary: '', runbook: '' };
    expect(linesOf(lines('{ metric: recall, below: 0.8 }', '{ metric: latency_p95, above: 80 }'))).toMatchObject([
      { metric: 'recall', alert: { ...alert, compare: Compare.BOUND } },
      { metric: 'latency_p95', alert: { ...alert, compare: Compare.FIGURE } },
    ]);
  });

  it('say otherwise one by one', () => {
    const line =
      '{ metric: recall, below: 0.8, compare: figure, for: 1m, keepFiringFor: 0s, summary: Low, runbook: r }';
    expect(linesOf(lines(line))).toMatchObject([
      { alert: { compare: Compare.FIGURE, forMs: 60_000, keepFiringForMs: 0, summary: 'Low', runbook: 'r' } },
    ]);
    expect(linesOf(lines('{ metric: recall, below: 0.8, confidence: 0.9 }'))).toMatchObject([
      { alert: { confidence: 0.9 } },
    ]);
  });

  it.each(['', 'budget: { window: 30m }\n'])('alert nobody when nobody wrote them: %j', (text) => {
    expect(linesOf(text)?.map(({ metric, alert }) => [metric, alert])).toContainEqual(['accuracy', undefined]);
    expect(linesOf(text)?.filter(({ alert }) => alert !== undefined)).toEqual([]);
  });

  it.each([
    [
      '{ metric: latency_p95, above: 80, compare: bound }',
      /lines\[0\]\.compare: bound needs an interval, which latency_p95/,
    ],
    [
      '{ metric: latency_p95, above: 80, confidence: 0.9 }',
      /lines\[0\]\.confidence: has no effect with compare: figure/,
    ],
    [
      '{ metric: recall, below: 0.8 }\n    - { metric: recall, below: 0.80 }',
      /lines\[1\]: says the same as lines\[0\]/,
    ],
  ])('are told what is wrong with %s', (line, problem) => {
    expect(problemsOf(model + lines(line))).toEqual([expect.stringMatching(problem)]);
  });
});

describe('definitionsReference', () => {
  it('is what docs/definitions.md holds (else: node tools/docs/definitions.mjs)', () => {
    expect(fromRoot('docs/definitions.md')).toBe(definitionsReference());
  });
});
