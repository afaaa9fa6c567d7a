import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { topics } from '@moola/contracts/topics';
import { ConsoleServer } from '@moola/standalone/testing/console-server';
import { moola } from '../testing/moola.js';

const model = 'kind: Model\nname: Fraud\n';
const rule = [
  ...['kind: Rule', 'name: Drop', 'model: Fraud', 'metric: accuracy', 'window: 5m', 'below: 0.8', 'for: 5m'],
  ...['severity: critical', 'minimumSamples: 10', 'summary: Accuracy is low', ''],
].join('\n');

describe('definitions', () => {
  let folder: string;
  const file = (name: string, text: string): string => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'moola-definitions-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  describe('that are checked', () => {
    it('may name what another file declares', async () => {
      const [a, b] = [file('rules.yaml', rule), file('models.yaml', model)];
      expect(await moola(['check', a, b])).toEqual({
        ...{ exitCode: 0, stderr: '' },
        stdout: [
          ...[`${a}: 1 definition, no problems`, `${b}: 1 definition, no problems`],
          ...['Fraud: accuracy below 0.8 (critical, gate): alert Drop'],
          ...['Fraud: nobody wrote its budget: the default lines alert nobody (write budget.lines)', ''],
        ].join('\n'),
      });
      const { stdout } = await moola(['check', a, b, '--json']);
      expect(JSON.parse(stdout)).toMatchObject({ ok: true, definitions: ['Rule Drop', 'Model Fraud'], problems: [] });
    });

    it('tell which rule alerts for which line of a budget', async () => {
      const budget = [
        ...['budget:', '  lines:'],
        ...[
          '    - { metric: accuracy, below: 0.85, severity: critical, gate: true }',
          '    - { metric: accuracy, below: 0.9 }',
        ],
        ...['    - { metric: latency_p95, above: 80 }'],
        ...['  measurements:', '    - { name: revenue, figure: sum, below: 500, window: 1h }', ''],
      ].join('\n');
      const slow = 'kind: Rule\nname: Slow\nmetric: latency_p95\nwindow: 1h\nabove: 60\nseverity: warning\n';
      const [a, b] = [file('models.yaml', model + budget), file('rules.yaml', `${rule}---\n${slow}`)];
      expect((await moola(['check', a, b])).stdout.split('\n').slice(2)).toEqual([
        'Fraud: accuracy below 0.85 (critical, gate): alert budget.accuracy',
        'Fraud: accuracy below 0.9 (warning): alert budget.accuracy.below-0.9',
        'Fraud: latency_p95 above 80 (warning): alert Slow',
        'Fraud: measurement_sum of revenue below 500 (warning): alert budget.measurement_sum.revenue',
        '',
      ]);
      const { guards } = JSON.parse((await moola(['check', a, b, '--json'])).stdout) as { guards: unknown[] };
      const line = { model: 'Fraud', metric: 'accuracy', below: 0.85, severity: 'critical', gate: true };
      expect(guards[0]).toEqual({ ...line, rules: ['budget.accuracy'] });
      const limit = { model: 'Fraud', metric: 'measurement_sum', measurement: 'revenue', below: 500 };
      const rules = ['budget.measurement_sum.revenue'];
      expect(guards.at(-1)).toEqual({ ...limit, severity: 'warning', gate: false, rules });
    });

    it('tell which segments a rule by pattern covers', async () => {
      const by = 'match: { segment: { country: ["*", "!=test"] }, otherSegments: true }\nmostAlerts: 5\n';
      const a = file('segments.yaml', `${model}---\n${rule}${by}`);
      expect((await moola(['check', a])).stdout).toContain(
        'Fraud: Drop watches each country that fits "*", "!=test" (of at most 50 segments, and all others as one; at most 5 alerts at a time)\n',
      );
      const { patterns } = JSON.parse((await moola(['check', a, '--json'])).stdout) as { patterns: unknown };
      const bounds = { others: true, mostSegments: 50, mostAlerts: 5, covers: null };
      expect(patterns).toEqual([
        { rule: 'Drop', model: 'Fraud', label: 'country', patterns: ['*', '!=test'], ...bounds },
      ]);
    });

    it('may not call a rule what the alert of a budget line is called', async () => {
      const wrong = file('rules.yaml', `${model}---\n${rule.replace('name: Drop', 'name: budget.accuracy')}`);
      expect((await moola(['check', wrong])).stderr).toContain(
        'name: "budget.accuracy" begins with "budget.", as the alerts of budget lines do: choose another name',
      );
    });

    it('have all their problems told, with file and line', async () => {
      const wrong = file('wrong.yaml', rule.replace('5m\nseverity', '5 minuts\nseverity').replace('0.8', '80'));
      const twice = file('twice.yaml', `${model}---\nkind: Modle\nname: Fraud\n`);
      const none = join(folder, 'none.yaml');
      const { exitCode, stdout, stderr } = await moola(['check', wrong, twice, none]);
      expect(stderr.split('\n')).toEqual([
        `moola: cannot read ${none}: there is no such file`.replace('moola: ', ''),
        expect.stringMatching(/wrong\.yaml:7: document 1 \(Rule Drop\): for: "5 minuts" is no duration/),
        expect.stringMatching(/twice\.yaml:4: document 2: kind: "Modle" is no kind.*did you mean Model\?/),
        `moola: 3 problems in ${wrong}, ${twice}, ${none}`,
        '',
      ]);
      // A file that could not be read says more than what is wrong in the others.
      expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' });
      expect((await moola(['check', wrong, twice])).exitCode).toBe(3);
    });

    it('may not define the same thing in two files', async () => {
      const [a, b] = [file('a.yaml', model), file('b.yaml', model)];
      const { exitCode, stdout } = await moola(['check', a, b, '--json']);
      expect(exitCode).toBe(3);
      expect(JSON.parse(stdout)).toEqual({
        ...{ ok: false, definitions: [], guards: [], patterns: [] },
        problems: [`${b}:2: document 1 (Model Fraud): name: is defined twice: in ${a} as well`],
      });
    });
  });

  describe('that are applied', () => {
    let server: ConsoleServer;
    const applied = async () => (await server.rows('live', topics.definitions)).map(({ name }) => name);
    beforeAll(async () => {
      server = await ConsoleServer.start({ environments: ['live'] });
    });
    afterAll(() => server.close());

    it('are all written, or none is', async () => {
      const [models, rules, wrong] = [
        file('models.yaml', model),
        file('rules.yaml', rule),
        file('wrong.yaml', 'kind: Model\n'),
      ];
      const refused = await moola(['apply', models, wrong, '--server', server.url]);
      expect(refused.stderr).toMatch(
        /wrong\.yaml:1: document 1 \(Model\): name: .*\nmoola: 1 problem: nothing was applied\n$/,
      );
      expect({ exitCode: refused.exitCode, applied: await applied() }).toEqual({ exitCode: 3, applied: [] });
      const unreadable = await moola(['apply', join(folder, 'none.yaml'), '--server', server.url]);
      expect(unreadable).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('there is no such file') });

      expect(await moola(['apply', rules, models, '--server', server.url])).toEqual({
        ...{ exitCode: 0, stderr: '' },
        stdout: 'applied rule Drop\napplied model Fraud\n2 definitions in environment live\n',
      });
      expect(await applied()).toEqual(['Drop', 'Fraud']);
    });

    it('may name what was applied before', async () => {
      await moola(['apply', file('models.yaml', model), '--server', server.url]);
      const one = file('one-rule.yaml', rule.replace('Drop', 'Another'));
      expect(await moola(['apply', one, '--server', server.url])).toMatchObject({ exitCode: 0, stderr: '' });
      expect(await applied()).toContain('Another');
    });

    it('may be checked against what is applied, as apply does, and nothing is written', async () => {
      const all = ['--server', server.url];
      await moola(['apply', file('models.yaml', model), ...all]);
      const before = await applied();
      const one = file('one-rule.yaml', rule.replace('name: Drop', 'name: Checked'));
      expect((await moola(['check', one])).exitCode).toBe(3);
      const checked = await moola(['check', one, file('models.yaml', model), ...all]);
      expect(checked).toMatchObject({ exitCode: 0, stderr: '' });
      expect(checked.stdout).toContain('would be applied: Rule Checked\nin force already: Model Fraud\n');
      expect(checked.stdout).toMatch(/Fraud: accuracy below 0\.8 \(critical, gate\): alert .*\bChecked\b/);
      const wrong = file('wrong.yaml', rule.replace('model: Fraud', 'model: Fruad'));
      expect(await moola(['check', wrong, ...all])).toMatchObject({
        ...{ exitCode: 3, stdout: '', stderr: expect.stringContaining('did you mean Fraud?') },
      });
      expect(await moola(['check', one, '--server', 'http://127.0.0.1:9'])).toMatchObject({
        ...{ exitCode: 1, stderr: expect.stringContaining('no server answers at http://127.0.0.1:9') },
      });
      expect(await moola(['check', one, '--environment', 'lvie', ...all])).toMatchObject({
        ...{ exitCode: 1, stderr: 'moola: there is no environment "lvie"; there are live\n' },
      });
      expect(JSON.parse((await moola(['check', one, '--json', ...all])).stdout)).toMatchObject({
        ...{ ok: true, definitions: ['Rule Checked'], environment: 'live', unchanged: [], problems: [] },
      });
      expect(await applied()).toEqual(before);
    });

    it('are told for programs', async () => {
      const words = ['--server', server.url, '--json'];
      const { stdout } = await moola(['apply', file('models.yaml', model), ...words]);
      expect(JSON.parse(stdout)).toEqual({
        ok: true,
        environment: 'live',
        applied: [],
        unchanged: ['model Fraud'],
        problems: [],
      });
      const wrong = await moola(['apply', file('wrong.yaml', 'kind: Model\n'), ...words]);
      expect(wrong.exitCode).toBe(3);
      expect(JSON.parse(wrong.stdout)).toMatchObject({ ok: false, applied: [], problems: [expect.any(String)] });
    });

    it('need an environment that there is', async () => {
      const words = ['apply', file('models.yaml', model), '--server', server.url, '--environment', 'lvie'];
      expect(await moola(words)).toEqual({
        ...{ exitCode: 1, stdout: '' },
        stderr: 'moola: there is no environment "lvie"; there are live\n',
      });
    });
  });

  describe('in force', () => {
    let server: ConsoleServer;
    const ask = (...words: string[]) => moola(['definitions', ...words, '--server', server.url]);
    beforeEach(async () => {
      server = await ConsoleServer.start({ environments: ['live'] });
    });
    afterEach(() => server.close());

    it('are listed and shown', async () => {
      expect(await ask('list')).toMatchObject({
        stdout: 'nothing is defined in environment live: moola apply FILE defines it\n',
      });
      await moola(['apply', file('all.yaml', `${model}---\n${rule}`), '--server', server.url]);
      expect((await ask('list')).stdout).toBe(
        [
          'KIND   VERSION  APPLIED BY                  NAME',
          'model        0  maria (name self-declared)  Fraud',
          'rule         1  maria (name self-declared)  Drop',
          '',
        ].join('\n'),
      );
      expect(JSON.parse((await ask('list', '--json')).stdout)).toHaveLength(2);
      const shown = await ask('show', 'rule', 'Drop');
      expect(shown.stdout).toMatch(/^# version 1, applied by maria \(name self-declared\)\nkind: Rule\n/);
      expect(shown.stdout).toContain('kind: Rule\nname: Drop\nmodel: Fraud\nmetric: accuracy\nwindow: 5m\n');
      const again = file('again.yaml', shown.stdout);
      expect(await moola(['apply', again, '--server', server.url])).toMatchObject({ exitCode: 0, stderr: '' });
      expect(JSON.parse((await ask('show', 'rule', 'Drop', '--json')).stdout)).toMatchObject({
        name: 'Drop',
        version: 1,
      });
    });

    it('are deleted, with a model all that names it', async () => {
      await moola(['apply', file('all.yaml', `${model}---\n${rule}`), '--server', server.url]);
      expect(await ask('delete', 'model', 'Fraud')).toEqual({
        ...{ exitCode: 0, stderr: '', stdout: 'deleted rule Drop\ndeleted model Fraud\n' },
      });
      expect(JSON.parse((await ask('list', '--json')).stdout)).toEqual([]);
      expect(await ask('delete', 'model', 'Fraud')).toMatchObject({
        ...{ exitCode: 1, stdout: '', stderr: 'moola: no model "Fraud" is in force (none is applied)\n' },
      });
    });
  });
});
