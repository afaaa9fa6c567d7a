import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import type { DescMessage } from '@bufbuild/protobuf';
import { fieldClassOf } from '@moola/contracts/field-class';
import { FieldClass } from '@moola/contracts/gen/moola/v1/options_pb';
import { EventSchema } from '@moola/contracts/gen/moola/v1/telemetry_pb';

/** What must be found nowhere: it stands for a customer, a request, a person. */
const marker = 'customer-4711-of-this-test';
const number = 4_111_222_233_334_444;

const folder = mkdtempSync(join(tmpdir(), 'moola-identifiers-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const data = join(folder, 'data');

const time = () => new Date().toISOString();
const whole: Readonly<Record<string, () => object>> = {
  prediction: () => ({ model: 'm', version: 'v1', input: 'i', time: time(), class: '1' }),
  outcome: () => ({ model: 'm', input: 'i', knownAt: time(), truth: '1' }),
  deployment: () => ({ model: 'm', version: 'v1', role: 'primary', time: time() }),
  trainingProgress: () => ({ model: 'm', job: 'j', time: time() }),
  infrastructureSample: () => ({ model: 'm', instance: 'i', time: time() }),
};

/** Fields of a kind of event whose values may be shown to nobody. */
function hiddenFields(kind: DescMessage): { readonly name: string; readonly isMap: boolean }[] {
  return kind.fields
    .filter((field) => field.fieldKind !== 'message')
    .filter((field) => fieldClassOf(field) !== FieldClass.OPEN)
    .map((field) => ({ name: field.jsonName, isMap: field.fieldKind === 'map' }));
}

/** Events with a marker in every field that is to be hidden: right ones, and wrong ones of every kind. */
function events(): object[] {
  const kinds = EventSchema.fields.flatMap((field) => (field.fieldKind === 'message' ? [field] : []));
  return kinds.flatMap(({ jsonName: kind, message }) =>
    hiddenFields(message).flatMap(({ name, isMap }) => {
      const values: unknown[] = isMap
        ? [{ x: marker }, { x: number * 1e16 }, { x: [marker] }, marker]
        : [marker, number, { x: marker }, [marker], `${marker}\u0000`, `${marker}\ud800`, marker.repeat(50)];
      const base = whole[kind]?.() ?? {};
      const events = values.map((value) => ({ [kind]: { ...base, [name]: value } }));
      const late = Object.fromEntries(
        Object.keys(base).map((key) => [key, key === 'version' ? '' : key === 'model' ? 7 : 1]),
      );
      return [...events, { [kind]: { ...base, ...late, [name]: isMap ? { x: number } : marker } }];
    }),
  );
}

const prediction = () => ({ ...whole['prediction']?.(), input: marker });
const others = (): object[] => [
  { outcome: { ...whole['outcome']?.(), input: marker, prediction: { ...prediction(), input: `${marker}-another` } } },
  { outcome: { ...whole['outcome']?.(), input: marker, prediction: prediction() } },
  { prediction: prediction(), outcome: { ...whole['outcome']?.(), input: marker } },
  { prediction: { ...prediction(), latencyMs: -1 } },
  { prediction: { ...prediction(), time: '2020-01-01T00:00:00Z' } },
  { prediction: { ...prediction(), inputt: marker } },
];

/** Every file below a folder, as bytes. */
function files(path: string): [string, Buffer][] {
  return readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => [entry.name, readFileSync(join(entry.parentPath, entry.name))]);
}

describe('with MOOLA_ANONYMISATION_KEY', () => {
  it('no identifier is found in any file, answer, log or message', async () => {
    const at = (minute: number) => new Date(Date.UTC(2026, 0, 31, 12, minute)).toISOString();
    const rows = Array.from({ length: 40 }, (_, i) => `${at(i)},${marker}-${i},v1,primary,1,0,${at(i + 1)}`);
    writeFileSync(join(folder, 'log.csv'), ['time,input,version,role,class,truth,known_at', ...rows].join('\n'));
    writeFileSync(join(folder, 'releases.csv'), `time,version,build,role,by\n${at(0)},v1,,primary,${marker}\n`);
    writeFileSync(
      join(folder, 'm.yaml'),
      'kind: Model\nname: churn\nlabelHorizon: 1h\nbucket: 1m\nbudget: { window: 10m, lines: ' +
        '[{ metric: accuracy, below: 0.8, severity: critical, gate: true, minimumSamples: 5 }] }\n',
    );
    const files_ = ['--log', 'log.csv', '--definitions', 'm.yaml', '--releases', 'releases.csv'];
    const words = [resolve('apps/cli/dist/main.js'), 'up', '--port', '0', '--data', data, '--headless', ...files_];
    const env = { ...process.env, MOOLA_ANONYMISATION_KEY: 'a-key-of-enough-length', MOOLA_LOG_LEVEL: 'trace' };
    const child = spawn(process.execPath, words, { cwd: folder, env });
    let said = '';
    for (const out of [child.stdout, child.stderr])
      out.setEncoding('utf8').on('data', (text: string) => (said += text));
    const waitFor = async (pattern: RegExp): Promise<string> => {
      for (;;) {
        const found = pattern.exec(said)?.[1];
        if (found !== undefined) return found;
        if (child.exitCode !== null) throw new Error(`it ended: ${said}`);
        await new Promise((tick) => setTimeout(tick, 20));
      }
    };
    const address = await waitFor(/Moola is at (\S+)/);
    await waitFor(/(\{"model":"churn".*\})/);

    const answers: string[] = [];
    const post = async (body: string | Buffer, type: string): Promise<void> => {
      const response = await fetch(`${address}/v1/events`, { method: 'POST', headers: { 'content-type': type }, body });
      answers.push(await response.text());
    };
    await post(JSON.stringify([...events(), ...others()]), 'application/json');
    await post([...events(), ...others()].map((each) => JSON.stringify(each)).join('\n'), 'application/x-ndjson');
    await post(`{"prediction": {"input": "${marker}", }}`, 'application/json');
    await post(Buffer.from(`\n\u0005${marker}`), 'application/x-protobuf');
    expect(answers[0]).toMatch(/"accepted":[1-9]\d*,"refused":[1-9]\d*/);
    for (const path of [
      'models/m',
      'models/churn',
      'dead-letters?limit=1000',
      'incidents',
      'history?model=m&metric=accuracy',
    ]) {
      const response = await fetch(`${address}/api/v1/environments/live/${path}`);
      answers.push(await response.text(), await (await fetch(response.url.replace('/live/', '/replay/'))).text());
    }
    child.kill('SIGTERM');
    await once(child, 'close');

    const shown = [
      ...answers.map((text, i): [string, Buffer] => [`answer ${i}`, Buffer.from(text)]),
      ['output', Buffer.from(said)] as const,
    ];
    const hits = [...shown, ...files(data)].filter(([, bytes]) => bytes.includes(marker) || bytes.includes('41112222'));
    expect(
      hits.map(([name, bytes]) => [
        name,
        bytes
          .subarray(Math.max(0, bytes.indexOf(marker) - 80))
          .subarray(0, 140)
          .toString('latin1'),
      ]),
    ).toEqual([]);
    // What was planted came in: its hash is there.
    expect(files(data).some(([, bytes]) => bytes.includes('installation:'))).toBe(true);
  });
});
