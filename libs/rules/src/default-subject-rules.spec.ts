import { readFileSync } from 'node:fs';
import { toJson } from '@bufbuild/protobuf';
import { describe, expect, it } from '@jest/globals';
import { RuleDefinitionSchema } from '@moola/contracts/gen/moola/v1/definitions_pb';
import { parseDefinitions } from '@moola/contracts/definitions/parse-definitions';
import { subjectMetricNamed } from '@moola/metrics/catalogue';
import { defaultSubjectRules } from './default-subject-rules.js';

/** The rules of a file that users copy, by name. */
function shipped(file: string): Map<string, unknown> {
  const parsed = parseDefinitions(readFileSync(new URL(`../../../${file}`, import.meta.url), 'utf8'), file);
  if ('problems' in parsed) throw new Error(JSON.stringify(parsed.problems));
  return new Map(
    parsed.definitions.flatMap(({ name, kind }) =>
      kind.case === 'rule' ? [[name, toJson(RuleDefinitionSchema, kind.value)]] : [],
    ),
  );
}

describe('the rules on training jobs and instances', () => {
  it.each([
    ['job', 'examples/alerts/training.yaml'],
    ['instance', 'examples/alerts/infrastructure.yaml'],
  ])('on each %s are those that %s has for users to copy', (subject, file) => {
    const ofSubject = [...defaultSubjectRules].filter(
      ([, { metric }]) => subjectMetricNamed(metric)?.subject === subject,
    );
    const byDefault = new Map(ofSubject.map(([name, rule]) => [name, toJson(RuleDefinitionSchema, rule)]));
    expect(byDefault.size).toBeGreaterThan(3);
    expect(shipped(file)).toEqual(byDefault);
  });
});
