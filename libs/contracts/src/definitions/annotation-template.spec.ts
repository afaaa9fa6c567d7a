import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import {
  mostRenderedCharacters,
  renderTemplate,
  templateProblem,
  templateVariables,
  type TemplateFacts,
} from './annotation-template.js';

const facts: TemplateFacts = {
  ...{
    model: 'churn',
    version: 'v7',
    role: 'primary',
    subject: 'churn v7',
    segment: null,
    rule: 'Drop',
    severity: 'critical',
  },
  ...{ metric: 'Accuracy', figure: '62.8 %', limit: '85 %', finding: 'Accuracy 62.8 %, limit 85 %' },
  ...{ value: 0.628, limitValue: 0.85, baseline: null, samples: 180, window: '30 min', since: '09:36' },
  labels: { team: 'fraud', constructor: 'own' },
};
const rendered = (text: string): string => renderTemplate(text, () => facts);

describe('a template', () => {
  it.each([
    ['Accuracy is low', 'Accuracy is low'],
    ['{{ model }} {{ version }} is at {{ figure }}, limit {{ limit }}', 'churn v7 is at 62.8 %, limit 85 %'],
    ['{{ value | times: 100 | round: 1 }} of {{ samples }}', '62.8 of 180'],
    ['{% if severity == "critical" %}Call {{ labels.team | upcase }}{% else %}Look{% endif %}', 'Call FRAUD'],
    ['{% unless baseline %}no baseline{% endunless %}', 'no baseline'],
    ['{{ baseline | default: "none" }}', 'none'],
    ['{{ labels.constructor }}', 'own'],
  ])('%j says %j', (text, expected) => {
    expect(templateProblem(text, ['team', 'constructor'])).toBeNull();
    expect(rendered(text)).toBe(expected);
  });

  it.each([
    ['{{ mdel }}', '"mdel" is no variable (did you mean model?) (line 1, column 4 of the text)'],
    ['Low:\n{{ nothing }}', '"nothing" is no variable (known are model, version,'],
    ['{% if severity == "x" %}{{ wrong }}{% endif %}', '"wrong" is no variable'],
    ['{{ labels.tem }}', 'the rule has no label "tem" (did you mean team?)'],
    ['{{ labels }}', 'labels is named with one of them, as in labels.team'],
    ['{{ labels[model] }}', 'labels is named with one of them'],
    ['{{ model.constructor }}', 'model has no parts'],
    ['{{ model | upcas }}', '"upcas" is no filter here (did you mean upcase?)'],
    ['{{ model | append: model }}', '"append" is no filter here'],
    [
      '{% for i in (1..3) %}x{% endfor %}',
      '"for" is no tag here: known are if, unless, case, comment (line 1, column 1',
    ],
    ['{% assign x = model %}', '"assign" is no tag here'],
    ['{% include "/etc/passwd" %}', '"include" is no tag here'],
    ['{% render "x" %}', '"render" is no tag here'],
    ['{{ model', 'output "{{ model" not closed (line 1, column 1 of the text)'],
    ['{% if model %}', 'not closed'],
  ])('%j is refused, with what and where', (text, expected) => {
    expect(templateProblem(text, ['team'])).toContain(expected);
  });

  it('that cannot be rendered stays as it stands', () => {
    for (const text of ['{{ (1..100000000) }}', '{{ unknown }}', '{{ model', '{{ labels.none }}']) {
      expect(rendered(text)).toBe(text);
    }
  });

  it('says no more than fits into a message', () => {
    const long = { ...facts, model: 'm'.repeat(256) };
    const text = renderTemplate('{{ model }}'.repeat(90), () => long);
    expect(text).toHaveLength(mostRenderedCharacters);
    expect(text.endsWith('…')).toBe(true);
  });

  it('of any thousand characters takes a bounded time', () => {
    for (const part of ['{{ (1..99999) }}', '{% if a %}', '{{ model | truncate: 999999999 }}', '{{"', '{%', '}}{{ '])
      expect(typeof rendered(part.repeat(1000 / part.length))).toBe('string');
  });

  it('may name what docs/semantics.md lists', () => {
    const docs = readFileSync(new URL('../../../../docs/semantics.md', import.meta.url), 'utf8');
    for (const [name, meaning] of Object.entries(templateVariables)) {
      expect(docs).toMatch(new RegExp(`\\| \`${name}\` +\\| ${meaning.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')} +\\|`));
    }
  });
});
