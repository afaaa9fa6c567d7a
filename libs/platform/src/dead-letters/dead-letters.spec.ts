import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { DeadLetterReason } from '@moola/contracts/gen/moola/v1/dead_letters_pb';
import { installationKey, installationKeyFile } from './installation-key.js';
import { deadLetter, poisonLetters } from './letters.js';
import { seal, unseal } from './seal.js';

const key = Buffer.alloc(32, 7);
const original = Buffer.from('{"prediction": {"input": "customer 4711"}}');
const content = {
  atMs: 5,
  origin: 'http',
  reason: DeadLetterReason.INVALID_FIELD,
  detail: 'prediction.model: is missing',
  encoding: 'json',
  original,
} as const;

describe('a dead letter', () => {
  it('hides its original bytes, and gives them back to who holds the key', () => {
    const letter = deadLetter(key, content);
    expect(Buffer.from(letter.sealed).includes('customer')).toBe(false);
    expect(unseal(key, letter.id, letter.sealed)).toEqual({ ok: true, bytes: original });
  });

  it('is the same when it is written again, and another for other bytes or another place', () => {
    const row = { environment: 'live', processor: 'collector/join', partition: 0, offset: 4, row: 0, tickMs: 5 };
    const poison = poisonLetters(key);
    const poisoned = { ...row, reason: 'cannot be applied', kind: 'data', bytes: original } as const;
    expect(deadLetter(key, content)).toEqual(deadLetter(key, content));
    expect(poison.letter(poisoned)).toEqual(poison.letter(poisoned));
    const ids = [
      deadLetter(key, content),
      deadLetter(key, { ...content, original: Buffer.from('{}') }),
      deadLetter(key, { ...content, origin: 'telemetry' }),
      poison.letter(poisoned),
      poison.letter({ ...poisoned, offset: 5 }),
    ].map((letter) => letter.id);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('stays closed to another key, in another place, and when it was changed', () => {
    const sealed = seal(key, 'a', original);
    const changed = Buffer.from(sealed);
    changed[20] = (changed[20] as number) ^ 1;
    const problem = expect.stringContaining("another installation's key, or was changed");
    expect(unseal(Buffer.alloc(32, 8), 'a', sealed)).toEqual({ ok: false, problem });
    expect(unseal(key, 'b', sealed)).toEqual({ ok: false, problem });
    expect(unseal(key, 'a', changed)).toEqual({ ok: false, problem });
    expect(unseal(key, 'a', sealed.subarray(0, 27))).toEqual({
      ok: false,
      problem: expect.stringContaining('is cut off'),
    });
  });
});

describe('the installation key', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'moola-key-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('is made at the first start, for its owner only, and stays', async () => {
    const made = await installationKey(folder, undefined);
    expect(made).toHaveLength(32);
    expect(await installationKey(folder, undefined)).toEqual(made);
    expect(statSync(join(folder, installationKeyFile)).mode & 0o077).toBe(0);
  });

  it('comes from the setting where there is one', async () => {
    expect(await installationKey(folder, key.toString('base64'))).toEqual(key);
    expect(() => readFileSync(join(folder, installationKeyFile))).toThrow();
  });

  it('is refused when it is none', async () => {
    await expect(installationKey(folder, 'c2hvcnQ=')).rejects.toThrow(
      'MOOLA_INSTALLATION_KEY holds 5 bytes of base64, not 32',
    );
    writeFileSync(join(folder, installationKeyFile), '');
    await expect(installationKey(folder, undefined)).rejects.toThrow('holds 0 bytes');
  });
});
