import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { readServiceSettings } from '../service/read-service-settings.js';
import { readSettingFile } from './settings-file.js';
import { withSecretsFolder } from './secrets-folder.js';

describe('a folder of secrets', () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'moola-secrets-'));
  });

  afterEach(() => rmSync(folder, { recursive: true }));

  /** As Kubernetes mounts a Secret: links to a folder that is exchanged as a whole. */
  const mount = (secrets: Readonly<Record<string, string>>): void => {
    mkdirSync(join(folder, '..2026'));
    symlinkSync('..2026', join(folder, '..data'));
    for (const [name, text] of Object.entries(secrets)) {
      writeFileSync(join(folder, '..2026', name), text);
      symlinkSync(join('..data', name), join(folder, name));
    }
  };

  it('may be several: what the first has wins', () => {
    mkdirSync(join(folder, 'one'));
    mkdirSync(join(folder, 'two'));
    for (const file of ['one/A', 'two/A', 'two/B']) writeFileSync(join(folder, file), file);
    const variables = { MOOLA_SECRETS_FOLDER: `${join(folder, 'one')}:${join(folder, 'two')}` };
    expect(withSecretsFolder(variables)).toEqual({
      ok: true,
      variables: { ...variables, A_FILE: join(folder, 'one/A'), B_FILE: join(folder, 'two/B') },
    });
    expect(withSecretsFolder({ MOOLA_SECRETS_FOLDER: `${folder}/no:${folder}/one:${folder}/none` })).toMatchObject({
      problems: [
        expect.stringMatching(/cannot read .*\/no: ENOENT/),
        expect.stringMatching(/cannot read .*\/none: ENOENT/),
      ],
    });
  });

  it('gives each variable that a file is named after, and what the environment says wins', () => {
    mount({ MOOLA_TOKEN: 'a-token-of-enough-length\n', REDIS_URL: 'redis://other:6379', 'ca.pem': 'x' });
    const variables = { MOOLA_SECRETS_FOLDER: folder, REDIS_URL: 'redis://redis:6379' };
    expect(withSecretsFolder(variables)).toEqual({
      ok: true,
      variables: { ...variables, MOOLA_TOKEN_FILE: join(folder, 'MOOLA_TOKEN') },
    });
    const key = Buffer.alloc(32, 1).toString('base64');
    const distributed = { MOOLA_MODE: 'distributed', MOOLA_KAFKA_BROKERS: 'kafka:9092', MOOLA_INSTALLATION_KEY: key };
    expect(readServiceSettings({ settings: {} }, { ...variables, ...distributed }, readSettingFile)).toMatchObject({
      ok: true,
      settings: { token: 'a-token-of-enough-length', redisUrl: 'redis://redis:6379' },
    });
  });

  it('is named when it cannot be read', () => {
    const path = join(folder, 'nowhere');
    const problems = [expect.stringContaining(`MOOLA_SECRETS_FOLDER: cannot read ${path}: ENOENT`)];
    expect(withSecretsFolder({ MOOLA_SECRETS_FOLDER: path })).toEqual({ ok: false, problems });
    expect(readServiceSettings({ settings: {} }, { MOOLA_SECRETS_FOLDER: path }, readSettingFile)).toEqual({
      ok: false,
      problems,
    });
  });

  it('changes nothing where none is named', () => {
    expect(withSecretsFolder({ MOOLA_PORT: '1' })).toEqual({ ok: true, variables: { MOOLA_PORT: '1' } });
  });
});
