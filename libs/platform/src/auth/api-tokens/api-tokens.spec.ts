import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { installationTopicName, installationTopics } from '@moola/contracts/topics';
import { decodeBatch, externalBatch } from '@moola/streams/processor/batch-codec';
import { openEmbedded, type Embedded } from '@moola/streams/adapters/embedded/open-embedded';
import { temporaryFolder } from '@moola/streams/adapters/embedded/temporary-folder';
import { eventually } from '@moola/streams/testing/eventually';
import { installationTopicSettings } from '../../topics/topic-settings.js';
import { ApiTokens, type NewToken } from './api-tokens.js';

const key = Buffer.alloc(32, 7);
const topic = installationTopics.tokens;
const at = { topic: installationTopicName(topic), partition: 0 };
const wanted: NewToken = { name: 'maria', role: 'operator', environments: null, expiresAtMs: null };
const hour = 3_600_000;

/** On a real log, with as many processes as a test wants. */
describe('API tokens', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let embedded: Embedded;
  let nowMs = 0;
  const ignored: string[] = [];
  const process = (installationKey = key) =>
    new ApiTokens({
      ...{ log: embedded.log, key: installationKey, clock: { nowMs: () => nowMs } },
      ignored: (problem) => ignored.push(problem),
    });
  const records = async () => (await embedded.log.read(at, 0, 1 << 20)).records;

  beforeEach(async () => {
    folder = await temporaryFolder();
    embedded = await openEmbedded({ folder: folder.path });
    await embedded.log.createTopics(installationTopicSettings());
    nowMs = Date.UTC(2026, 0, 1);
    ignored.length = 0;
  });
  afterEach(async () => {
    await embedded.close();
    await folder.remove();
  });

  it('are known to every process that reads the topic, and are revoked in all of them', async () => {
    const [one, other] = [process(), process()];
    const stop = new AbortController();
    const following = other.follow(stop.signal);
    await one.read();
    const { text, token } = await one.create({ ...wanted, environments: ['live'], expiresAtMs: nowMs + hour }, 'ada');
    expect(text).toMatch(/^moola_[0-9a-f]{12}_[A-Za-z0-9_-]{43}$/);
    const subject = {
      by: 'api token',
      name: 'maria',
      role: 'operator',
      environments: ['live'],
      expiresAtMs: nowMs + hour,
    };
    expect(one.authenticate(text)).toEqual({ kind: 'authenticated', subject });
    await eventually('the other knows it', () => other.authenticate(text).kind === 'authenticated');
    nowMs += 60_000;
    expect(await one.revoke(token.id, 'eve')).toMatchObject({ revoked: { atMs: nowMs, by: 'eve' } });
    const says = `the token moola_${token.id}… of maria was revoked on 2026-01-01 00:01 UTC: somebody with the role admin makes a new one with "moola tokens create maria --role operator"`;
    expect(one.authenticate(text)).toEqual({ kind: 'refused', message: says });
    await eventually('the other refuses it', () => other.authenticate(text).kind === 'refused');
    expect(other.list()).toEqual([expect.objectContaining({ id: token.id, createdBy: 'ada' })]);
    stop.abort();
    await following;
  });

  it('end when their time has come, and say so to who holds the whole of one', async () => {
    const tokens = process();
    await tokens.read();
    const { text } = await tokens.create({ ...wanted, expiresAtMs: nowMs + hour }, 'ada');
    nowMs += hour - 1;
    expect(tokens.authenticate(text).kind).toBe('authenticated');
    nowMs += 1;
    expect(tokens.authenticate(text)).toEqual({
      ...{ kind: 'refused', message: expect.stringContaining('of maria expired on 2026-01-01 01:00 UTC') },
    });
    expect(tokens.authenticate(`${text.slice(0, -1)}${text.endsWith('A') ? 'B' : 'A'}`)).toEqual({ kind: 'unknown' });
  });

  it.each(['', 'moola_', 'a-token-of-enough-length', `moola_${'0'.repeat(12)}_${'A'.repeat(43)}`])(
    'are not %j',
    async (text) => {
      const tokens = process();
      await tokens.read();
      await tokens.create(wanted, 'ada');
      expect(tokens.authenticate(text)).toEqual({ kind: 'unknown' });
    },
  );

  it('of another form, or with more behind it, are unknown', async () => {
    const tokens = process();
    await tokens.read();
    const { text } = await tokens.create(wanted, 'ada');
    for (const other of [`${text} `, `${text}=`, text.toUpperCase(), text.replace('moola_', '')])
      expect(tokens.authenticate(other)).toEqual({ kind: 'unknown' });
  });

  it('leave no text in the log', async () => {
    const tokens = process();
    await tokens.read();
    const { text } = await tokens.create(wanted, 'ada');
    const bytes = Buffer.concat((await records()).map(({ value }) => value));
    expect(bytes.includes('maria')).toBe(true);
    expect(bytes.includes(text.slice(-43))).toBe(false);
    expect(bytes.includes(Buffer.from(text.slice(-43), 'base64url'))).toBe(false);
  });

  it('cannot be made, or brought back, by who writes to the topic without the key', async () => {
    const stranger = process(Buffer.alloc(32, 8));
    await stranger.read();
    const forged = await stranger.create({ ...wanted, role: 'admin' }, 'eve');
    await embedded.log.append(at, [Buffer.from('no record at all')]);
    const mine = process();
    await mine.read();
    const { text, token } = await mine.create(wanted, 'ada');
    const written = (await records()).at(-1)?.value ?? Buffer.of();
    const [record] = decodeBatch(written, topic.codec).data;
    const bigger = Buffer.from(record?.event ?? []);
    // The role, of the same signature.
    bigger[bigger.indexOf(Buffer.from('maria')) + 6] = 3;
    await embedded.log.append(at, externalBatch(topic, [{ kind: 'data', value: { ...record!, event: bigger } }]));
    await mine.revoke(token.id, 'ada');
    // What was true once, again.
    await embedded.log.append(at, [written]);
    const reader = process();
    await reader.read();
    expect(reader.authenticate(forged.text)).toEqual({ kind: 'unknown' });
    expect(reader.authenticate(text).kind).toBe('refused');
    expect(reader.list().map(({ name, role }) => [name, role])).toEqual([['maria', 'operator']]);
    expect(ignored.slice(-3).map((problem) => problem.slice(0, 40))).toEqual([
      'record 0 of moola.tokens.v1 is not signe',
      'record 1 of moola.tokens.v1 cannot be re',
      'record 3 of moola.tokens.v1 is not signe',
    ]);
  });

  it('of a process that has not read them yet are neither good nor bad', async () => {
    const writer = process();
    await writer.read();
    const { text } = await writer.create(wanted, 'ada');
    const starting = process();
    expect(starting.authenticate(text).kind).toBe('unavailable');
    expect(starting.authenticate('something else').kind).toBe('unknown');
    await starting.read();
    expect(starting.authenticate(text).kind).toBe('authenticated');
  });

  it('that there are not cannot be revoked; one that is revoked stays as it is', async () => {
    const tokens = process();
    await tokens.read();
    expect(await tokens.revoke('nothing', 'ada')).toBeNull();
    const { token } = await tokens.create(wanted, 'ada');
    await tokens.revoke(token.id, 'ada');
    nowMs += hour;
    expect(await tokens.revoke(token.id, 'eve')).toMatchObject({ revoked: { by: 'ada' } });
    expect(await records()).toHaveLength(2);
  });
});
