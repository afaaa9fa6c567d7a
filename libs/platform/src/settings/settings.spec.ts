import { describe, expect, it } from '@jest/globals';
import { processSettings } from './process-settings.js';
import { readSettings, settingsReference } from './settings.js';

const noFile = () => {
  throw new Error('no such file');
};

describe('settings', () => {
  it('have defaults', () => {
    const result = readSettings(processSettings, {}, noFile);
    expect(result).toMatchObject({ ok: true, settings: { host: '127.0.0.1', port: 8080, tickMs: 100 } });
  });

  it('report every problem at once, by variable, value and rule', () => {
    const result = readSettings(
      processSettings,
      { MOOLA_PORT: 'http', MOOLA_TICK_MS: '5', MOOLA_TOKEN: 'short' },
      noFile,
    );
    expect(result).toEqual({
      ok: false,
      problems: [
        'MOOLA_PORT: "http" is no whole number',
        'MOOLA_TOKEN: the value must have at least 16 characters',
        'MOOLA_TICK_MS: "5" must be from 10 to 60000',
      ],
    });
  });

  it('take secrets from mounted files', () => {
    const result = readSettings(
      processSettings,
      { MOOLA_TOKEN_FILE: '/run/token' },
      () => 'a-token-of-enough-length\n',
    );
    expect(result).toMatchObject({ ok: true, settings: { token: 'a-token-of-enough-length' } });
  });

  it('say which file cannot be read', () => {
    const result = readSettings(processSettings, { MOOLA_TOKEN_FILE: '/run/token' }, noFile);
    expect(result).toEqual({ ok: false, problems: ['MOOLA_TOKEN_FILE: cannot read /run/token: no such file'] });
  });

  it('document themselves', () => {
    expect(settingsReference(processSettings)).toContain('| `MOOLA_TICK_MS` | `100` | ms |');
  });
});
