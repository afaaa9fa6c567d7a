import { describe, expect, it } from '@jest/globals';
import { Comparator, Severity, type RuleDefinition } from '../gen/moola/v1/definitions_pb.js';
import { parseDefinitions } from './parse-definitions.js';
import { describeProblem } from './problems.js';
import { definitionYaml } from './to-yaml.js';

const model = 'kind: Model\nname: Fraud\n';
const rule = (more: string, name = 'Drop', of = 'Fraud'): string =>
  `---\nkind: Rule\nname: ${name}\nmodel: ${of}\nmetric: accuracy\nwindow: 1h\n${more}`;
const bare = 'below: 0.8\nseverity: critical\n';

/** `levels` of severities, each with what else stands there. */
const levels = (...each: string[]): string =>
  `levels:\n${each.map((level) => `  - { severity: ${level} }\n`).join('')}`;

function definitionsOf(text: string) {
  const result = parseDefinitions(text, 'definitions.yaml');
  if ('problems' in result) throw new Error(result.problems.map(describeProblem).join('\n'));
  return result.definitions;
}

function problemsOf(text: string): string {
  const result = parseDefinitions(text, 'definitions.yaml');
  return 'problems' in result ? result.problems.map(describeProblem).join('\n') : 'none';
}

const budget = 'budget: { lines: [{ metric: latency_p95, above: 80 }] }\n';
const whole =
  `${model}${budget}` +
  rule(
    `${levels('warning, below: 0.85', 'critical, below: 0.8, for: 2m')}for: 10m\n` +
      'unless: [Silent, budget.latency_p95]\nmissing: alert after 20m\nlongestGap: 15m\n' +
      'labels: { team: fraud }\nsummary: "{{ figure }}"\ndescription: Ask {{ labels.team }}\n',
  ) +
  rule('onMissing: true\nseverity: info\n', 'Silent');

describe('a rule', () => {
  it('has levels, inhibitors, and policies for missing data and gaps', () => {
    const [, drop] = definitionsOf(whole);
    expect(drop?.kind.value).toMatchObject({
      ...{ severity: Severity.WARNING, comparator: Comparator.BELOW, limit: 0.85, forMs: 600_000 },
      levels: [
        { severity: Severity.WARNING, limit: 0.85, forMs: 600_000 },
        { severity: Severity.CRITICAL, limit: 0.8, forMs: 120_000 },
      ],
      ...{ labels: { team: 'fraud' }, summary: '{{ figure }}', description: 'Ask {{ labels.team }}' },
      ...{ unless: ['Silent', 'budget.latency_p95'], alertOnMissingAfterMs: 1_200_000, longestGapMs: 900_000 },
    });
  });

  it('may match several models, versions and roles', () => {
    const match = 'match: { model: ["fraud-*", "!=fraud-test"], version: v7, role: [shadow, canary] }\n';
    const text = `---\nkind: Rule\nname: All\nmetric: accuracy\nwindow: 1h\n${bare}${match}`;
    const definitions = definitionsOf(text);
    expect(definitions[0]?.kind.value).toMatchObject({
      ...{ model: '', match: { model: ['fraud-*', '!=fraud-test'], version: ['v7'], role: ['shadow', 'canary'] } },
    });
    expect(definitionsOf(definitionYaml(definitions[0]!))).toEqual(definitions);
  });

  it('is one level where it states none, and by default keeps its alert where data is missing', () => {
    const value = definitionsOf(model + rule(bare))[1]?.kind.value as RuleDefinition;
    expect(value).toMatchObject({ levels: [], severity: Severity.CRITICAL, limit: 0.8, alertOnMissingAfterMs: 0 });
    expect(value).toMatchObject({ unless: [], longestGapMs: 300_000 });
  });

  it('is written as it was read', () => {
    const definitions = definitionsOf(whole);
    expect(definitionsOf(definitions.map((each) => `---\n${definitionYaml(each)}`).join(''))).toEqual(definitions);
  });

  it('on missing data may have levels by time', () => {
    const text = model + rule(`onMissing: true\n${levels('warning, for: 5m', 'critical, for: 30m')}`);
    const definitions = definitionsOf(text);
    expect(definitions[1]?.kind.value).toMatchObject({ comparator: Comparator.UNSPECIFIED, levels: [{}, {}] });
    expect(definitionsOf(`${model}---\n${definitionYaml(definitions[1]!)}`)).toEqual(definitions);
  });

  it.each([
    [
      'a limit beside levels',
      bare + levels('warning, below: 0.8', 'critical, below: 0.7'),
      'severity: stands beside levels',
    ],
    ['one level', levels('warning, below: 0.8'), 'levels: has none of its levels: at least 2 are needed'],
    [
      'levels from the severest on',
      levels('critical, below: 0.7', 'warning, below: 0.8'),
      'levels[1].severity: level warning stands after critical: write the mildest first',
    ],
    [
      'a level twice',
      levels('warning, below: 0.8', 'warning, below: 0.7'),
      'levels[1].severity: level warning is given twice',
    ],
    [
      'a severer level that is reached first',
      levels('warning, below: 0.8', 'critical, below: 0.9'),
      'definitions.yaml:11: document 2 (Rule Drop): levels[1]: level critical is no stricter than warning: its limit must lie below 0.8 (it is 0.9), or take longer at the same',
    ],
    [
      'levels in both directions',
      levels('warning, below: 0.8', 'critical, above: 0.9'),
      'level critical has its limit on the other side than warning',
    ],
    [
      'a level without limit',
      levels('warning', 'critical, below: 0.9'),
      'levels[0]: level warning has no limit: give either below or above',
    ],
    [
      'a level with two limits',
      levels('warning, below: 0.8, above: 0.9', 'critical, below: 0.7'),
      'levels[0]: level warning has two limits: give one of them',
    ],
    [
      'levels on missing data of the same length',
      `onMissing: true\n${levels('warning', 'critical')}`,
      'level critical is no stricter than warning: its "for" must be longer',
    ],
    [
      'a limit of a level on missing data',
      `onMissing: true\n${levels('warning, below: 0.8', 'critical, for: 1h')}`,
      'level warning has a limit beside onMissing: true, which needs none',
    ],
    [
      'a limit of a level that is no ratio',
      levels('warning, below: 80', 'critical, below: 0.7'),
      'levels[0].below: 80 is not a ratio, accuracy lies between 0 and 1 (try 0.8)',
    ],
    ['no severity', 'below: 0.8\n', 'severity: is missing: expected one of info, warning, critical, emergency'],
    [
      'a policy for missing data that is none',
      `${bare}missing: alert after 10 minutes\n`,
      'missing: "alert after 10 minutes" is not "keep" or "alert after" and a duration, such as "alert after 10m"',
    ],
    ['a policy without time', `${bare}missing: alert after 0s\n`, 'missing: "alert after 0s" is not'],
    ['a misspelt time', `${bare}missing: alert after 10mn\n`, '(try "alert after 10m")'],
    [
      'a policy beside the condition that data is missing',
      'onMissing: true\nseverity: critical\nmissing: alert after 10m\n',
      'missing: has no effect with onMissing: true',
    ],
    ['no longest gap', `${bare}longestGap: 0s\n`, 'longestGap: "0s" is too short: it must be longer than nothing'],
    ['labels that are no text', `${bare}labels: { tier: 1 }\n`, 'labels.tier: 1 is not text of 1 to 256 printable'],
    ['labels that are a list', `${bare}labels: [a]\n`, 'labels: a list is not at most 20 fields'],
    [
      'a name of a label with a space',
      `${bare}labels: { "my team": a }\n`,
      'labels.my team: "my team" is not a name of',
    ],
    [
      'too many labels',
      `${bare}labels: { ${Array.from({ length: 21 }, (_, i) => `l${i}: a`).join(', ')} }\n`,
      'labels: has 21 fields: at most 20',
    ],
    [
      'a template that names nothing',
      `${bare}summary: "{{ modl }} is low"\n`,
      'summary: "modl" is no variable (did you mean model?) (line 1, column 4 of the text)',
    ],
    ['a template with a loop', `${bare}description: "{% for i in (1..9) %}x{% endfor %}"\n`, '"for" is no tag here'],
    [
      'a role that is none',
      `${bare}match: { role: shadw }\n`,
      'match.role: "shadw" is not one or several of primary, canary, shadow (did you mean shadow?)',
    ],
    [
      'an empty list of models',
      `${bare}match: { version: [] }\n`,
      'match.version: a list is not a pattern of a name, or a list of them',
    ],
    ['a number as version', `${bare}match: { version: 7 }\n`, 'match.version: 7 is not a pattern of a name'],
    ['a model beside a match of models', `${bare}match: { model: "f*" }\n`, 'match.model: stands beside model'],
    [
      'an inhibitor that is none',
      `${bare}unless: [Drp]\n${rule(bare, 'Drop2')}`,
      'unless[0]: "Drp" is no rule (did you mean Drop?)',
    ],
    ['an alert that holds itself back', `${bare}unless: [Drop]\n`, 'unless[0]: an alert cannot hold itself back'],
    [
      'alerts that hold each other back',
      `${bare}unless: [B]\n${rule(`${bare}unless: [C]\n`, 'B')}${rule(`${bare}unless: [Drop]\n`, 'C')}`,
      'unless[0]: Drop is held back by B is held back by C is held back by Drop: take one of them out of the circle',
    ],
    [
      'an inhibitor on another model',
      `${bare}unless: [B]\n---\nkind: Model\nname: Churn\n${rule(bare, 'B', 'Churn')}`,
      'unless[0]: B watches Churn, this rule Fraud: only an alert on the same model can hold it back',
    ],
    [
      'an inhibitor that is a line that nobody wrote',
      `${bare}unless: [budget.recall]\n`,
      'unless[0]: "budget.recall" is no rule',
    ],
  ])('is refused with %s', (_, more, expected) => {
    expect(problemsOf(model + rule(more))).toContain(expected);
  });
});

describe('a rule on segments by pattern', () => {
  const pattern = (match: string, more = '') => `${model}${rule(`${bare}match: ${match}\n${more}`)}`;

  it('is read, and written as it was read', () => {
    const text = pattern('{ segment: { country: ["*", "!=test"] }, otherSegments: true }', 'mostAlerts: 5\n');
    const definitions = definitionsOf(text);
    expect(definitions[1]?.kind.value).toMatchObject({
      match: { segment: { key: 'country', value: ['*', '!=test'], others: true, mostAlerts: 5 } },
    });
    expect(definitionsOf(definitions.map((each) => `---\n${definitionYaml(each)}`).join(''))).toEqual(definitions);
    const [, byDefault] = definitionsOf(pattern('{ segment: { country: "*" } }'));
    expect(byDefault?.kind.value).toMatchObject({ match: { segment: { others: false, mostAlerts: 20 } } });
  });

  it('may name the segment as a label, and in its texts', () => {
    const text = pattern('{ segment: { "ship to": "*" } }', 'summary: "{{ segment }} {{ labels.ship_to }}"\n');
    expect(definitionsOf(text)).toHaveLength(2);
  });

  const watched = 'segments: { keys: [country, tier] }\n';
  it.each([
    [
      'two labels',
      pattern('{ segment: { a: "*", b: "*" } }'),
      'match.segment: has 2 labels: a segment is one value of one label',
    ],
    ['no label', pattern('{ segment: country }'), '"country" is not one label with a pattern of its values'],
    ['no pattern', pattern('{ segment: { country: [] } }'), 'has no pattern of country: write { country: "*" }'],
    ['a number', pattern('{ segment: { tier: 1 } }'), "1 is no text: write { tier: '1' }"],
    [
      'too many patterns',
      pattern(`{ segment: { country: [${Array.from({ length: 100 }, (_, i) => `c${i}`).join(', ')}] } }`),
      'has 100 patterns: at most 50',
    ],
    ['no value at all', pattern('{ segment: { country: } }'), 'nothing is not a pattern of a name'],
    [
      'a segment beside it',
      pattern('{ segment: { country: "*" } }', 'segment: { country: de }\n'),
      'match.segment: stands beside segment, which names one already: leave one of them out',
    ],
    ['others of no label', pattern('{ otherSegments: true }'), 'otherSegments: has no effect without match.segment'],
    [
      'a bound of nothing',
      `${model}${rule(`${bare}mostAlerts: 5\n`)}`,
      'mostAlerts: has no effect without match.segment',
    ],
    ['too many alerts', pattern('{ segment: { country: "*" } }', 'mostAlerts: 5000\n'), 'at least 1 and at most 1000'],
    [
      'a label of the same name',
      pattern('{ segment: { country: "*" } }', 'labels: { country: all }\n'),
      'labels.country: is the label of the segment (country) as well: call it something else',
    ],
    [
      'a label that its model does not watch',
      `kind: Model\nname: Fraud\n${watched}${rule(`${bare}match: { segment: { contry: "*" } }\n`)}`,
      '"contry" is no label that Fraud watches: its segments.keys are country, tier (did you mean country?)',
    ],
    [
      'a model that tells no segments apart',
      `kind: Model\nname: Fraud\nsegments: { most: 0 }\n${rule(`${bare}match: { segment: { country: "*" } }\n`)}`,
      'finds no segment: Fraud tells none apart (segments.most: 0)',
    ],
    [
      'a baseline',
      pattern('{ segment: { country: "*" } }', 'compare: differenceToBaseline\n'),
      'match.segment: a segment has no baseline to compare with',
    ],
    [
      'a metric of jobs',
      pattern('{ segment: { country: "*" } }').replace('metric: accuracy\nwindow: 1h', 'metric: job_duration'),
      'match.segment: has no effect: jobs have no segments',
    ],
  ])('may not have %s', (_, text, problem) => {
    expect(problemsOf(text)).toContain(problem);
  });
});
