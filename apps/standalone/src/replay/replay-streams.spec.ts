import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { afterAll, describe, expect, it } from '@jest/globals';
import type { Topic } from '@moola/contracts/topic';
import { topicName, topics } from '@moola/contracts/topics';
import { notifierSettings } from '@moola/notifier/notifier-settings';
import { createLogger } from '@moola/platform/logging/logger';
import { processSettings } from '@moola/platform/settings/process-settings';
import { readSettings } from '@moola/platform/settings/settings';
import { openEmbedded } from '@moola/streams/adapters/embedded/open-embedded';
import { MemoryCheckpointStore } from '@moola/streams/adapters/memory/memory-checkpoint-store';
import { MemoryLog } from '@moola/streams/adapters/memory/memory-log';
import type { CheckpointStore } from '@moola/streams/ports/checkpoint-store';
import type { EventLog } from '@moola/streams/ports/event-log';
import { decodeBatch, rowKind } from '@moola/streams/processor/batch-codec';
import { startReplayInstallation } from '../process/replay-installation.js';
import { playStory } from '../story/play-story.js';
import { readReplay } from './replay-inputs.js';
import type { ReplayResult, RunReplayOptions } from './run-replay.js';

/** That a replay says the same wherever its log lies and however many steps are sent at once: every row of every topic. */

const folder = mkdtempSync(join(tmpdir(), 'moola-replay-streams-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const environment = 'replay';
const minutes = 60_000;
const at = (second: number) => new Date(Date.UTC(2026, 0, 31, 12) + second * 1000).toISOString();

const rule = (model: string) => `---
kind: Rule
name: Drop-${model}
model: ${model}
metric: accuracy
window: 10m
compare: figure
below: 0.8
for: 2m
keepFiringFor: 1m
severity: critical
minimumSamples: 5
---
kind: Value
name: ${model}
valuePerPrediction: 0.05
`;
const model = (name: string, registry: string) => `---
kind: Model
name: ${name}
labelHorizon: 1h
bucket: 1m
${registry}budget:
  window: 10m
  knownGoodAfter: 20m
  knownGoodLabels: 20
  lines: [{ metric: accuracy, below: 0.8, severity: critical, gate: true, minimumSamples: 5 }]
${rule(name)}`;

/** Two versions that answer the same inputs, one of which fails for half an hour, twice; truths that come late and at once. */
function rows(name: string): string[] {
  const lines = ['time,input,model,version,role,class,latency_ms,truth,known_at'];
  for (let i = 0; i < 540; i++) {
    const bad = (i > 120 && i < 240) || (i > 360 && i < 450);
    const truth = String(i % 2);
    const known = at(i * 10 + (i % 7 === 0 ? 1500 : 45));
    for (const [version, role, isBad] of [
      ['v1', 'primary', bad],
      ['v2', 'shadow', false],
    ] as const)
      lines.push([at(i * 10), `i${i}`, name, version, role, isBad ? '0' : truth, 5 + (i % 13), truth, known].join(','));
    // Some inputs of a model beside it, and hours in which nothing happens.
    if (i % 5 === 0) lines.push([at(i * 10 + 3), `o${i}`, 'other', 'v9', 'primary', truth, 7, truth, known].join(','));
    if (i === 539) lines.push([at(i * 10 + 30_000), 'late', name, 'v1', 'primary', '1', 7, '', ''].join(','));
  }
  return lines;
}

interface Streams {
  readonly log: EventLog;
  readonly store: CheckpointStore;
  close(): Promise<void>;
}

const inMemory = async (): Promise<Streams> => {
  const log = new MemoryLog();
  return { log, store: new MemoryCheckpointStore(), close: () => log.close() };
};
let runs = 0;
const onDisk = (): Promise<Streams> => openEmbedded({ folder: join(folder, `store-${runs}`) });

async function replayed(
  files: { readonly name: string; readonly registry: string },
  open: () => Promise<Streams>,
  how: Pick<RunReplayOptions, 'atOnce'> & { readonly letGo?: true } = {},
): Promise<{ readonly result: ReplayResult; readonly rows: Record<string, string[]> }> {
  runs++;
  const path = (file: string) => join(folder, `${files.name}.${file}`);
  writeFileSync(path('csv'), rows(files.name).join('\n'));
  writeFileSync(path('yaml'), model(files.name, files.registry) + model('other', ''));
  const releases = `time,version,build,role,by\n${at(0)},v1,,primary,anna\n${at(0)},v2,,shadow,anna\n`;
  writeFileSync(path('releases.csv'), releases);
  const reading = await readReplay({
    ...{ log: path('csv'), definitions: path('yaml'), releases: path('releases.csv'), model: files.name },
    ...{ stepMs: minutes, untilMs: null, timeZone: null },
  });
  if (!reading.ok) throw new Error(reading.problems.join('\n'));
  const settings = readSettings({ ...processSettings, ...notifierSettings }, {}, () => '');
  if (!settings.ok) throw new Error(settings.problems.join('\n'));
  const streams = await open();
  const { log } = streams;
  const { atOnce, letGo } = how;
  const installation = await startReplayInstallation({
    settings: { ...settings.settings, host: '127.0.0.1', token: undefined, partitions: 1 },
    ...{ log, store: streams.store, folder: join(folder, `installation-${runs}`), environment },
    ...{ channels: new Map(), stdout: new PassThrough(), logger: createLogger('error', 'replay') },
  });
  try {
    const stage = {
      ...{ log, store: null, registry: installation.registry, fold: null, environment, inputs: reading.inputs },
      ...{ speed: 'max' as const, postMortems: join(folder, 'post-mortems') },
      ...(atOnce && { atOnce }),
      ...(letGo && log instanceof MemoryLog && { letGo: log.dropBefore.bind(log) as RunReplayOptions['letGo'] }),
    };
    const outputs = { stdout: new PassThrough().resume(), stderr: new PassThrough().resume(), show: 'lines' as const };
    const result = await playStory(stage, outputs, 1, new AbortController().signal);
    return { result, rows: letGo ? {} : await rowsOf(log) };
  } finally {
    reading.inputs.close();
    await installation.close();
    await streams.close();
  }
}

/** The rows of each topic by who wrote them, with their ticks. Where no position orders them, by content within a tick. */
async function rowsOf(log: EventLog): Promise<Record<string, string[]>> {
  const found: Record<string, string[]> = {};
  for (const topic of Object.values(topics) as Topic<unknown>[]) {
    const { records } = await log.read({ topic: topicName(environment, topic), partition: 0 }, 0, Infinity);
    const closedBy = new Map<string, number>();
    for (const { value } of records) {
      const batch = decodeBatch(value, topic.codec);
      const writer = `${topic.name} by ${batch.source.processor || 'nobody'}`;
      const lines = (found[writer] ??= []);
      let [data, definition] = [0, 0];
      batch.kinds.forEach((kind, row) => {
        const tick = batch.ticks[row] as number;
        if (kind === rowKind.tick) closedBy.set(writer, tick);
        const place = batch.source.processor === '' ? `after ${closedBy.get(writer) ?? 0}` : `at ${tick}`;
        const content =
          kind === rowKind.data
            ? Buffer.from(topic.codec.encode([batch.data[data++]])).toString('base64')
            : kind === rowKind.definition
              ? `definition ${batch.definitions[definition++]?.version}`
              : 'tick';
        lines.push(`${place}: ${content}`);
      });
    }
  }
  for (const [writer, lines] of Object.entries(found)) if (writer.endsWith('nobody')) lines.sort();
  return found;
}

describe('a replay says the same', () => {
  const free = { name: 'free', registry: '' };
  const oneByOne = { steps: 1, rows: 0 };
  const followed = { name: 'followed', registry: 'registry: { registeredModel: followed, alias: production }\n' };

  it.each([free, followed])(
    'in memory, many steps at once where nothing feeds back, as step by step on the disk: $name',
    async (files) => {
      const expected = await replayed(files, onDisk, { atOnce: oneByOne });
      expect(expected.result.line.incidents.length).toBeGreaterThan(1);
      expect(expected.rows['deliveries by notifier/plan']?.some((line) => !line.endsWith('tick'))).toBe(true);
      expect(expected.rows['signals by nobody']?.some((line) => !line.endsWith('tick'))).toBe(true);
      for (const atOnce of files === free
        ? [
            { steps: 256, rows: 4096 },
            { steps: 7, rows: Infinity },
          ]
        : [oneByOne]) {
        const found = await replayed(files, inMemory, { atOnce });
        expect(found.result).toEqual(expected.result);
        expect(Object.keys(found.rows).sort()).toEqual(Object.keys(expected.rows).sort());
        for (const [writer, lines] of Object.entries(expected.rows))
          expect({ writer, lines: found.rows[writer] }).toEqual({ writer, lines });
      }
      expect((await replayed(files, inMemory, { letGo: true })).result).toEqual(expected.result);
    },
    5 * minutes,
  );
});
