import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from '@jest/globals';
import type { Covered, Summary } from './coverage.js';
import { intervalMethods } from './methods.js';

const root = new URL('../../../../../', import.meta.url);

describe('the coverage of intervals', () => {
  let measured: { readonly methods: (Covered & Summary)[]; readonly page: string };
  // In a process of its own: what computes that much takes ten times as long within Jest.
  beforeAll(() => {
    const [hooks, script] = ['tools/typescript/register.mjs', 'tools/statistics/coverage.mjs'].map((path) =>
      fileURLToPath(new URL(path, root)),
    );
    const printed = execFileSync(process.execPath, ['--import', hooks!, script!, '--json'], { encoding: 'utf8' });
    measured = JSON.parse(printed) as typeof measured;
  });

  it.each(intervalMethods.map(({ name, nominal }, i) => [name, nominal, i] as const))(
    'is on average within 1 % of what it should be: %s, %d',
    (_, nominal, i) => {
      const { mean, atLeast } = measured.methods[i]!;
      expect(mean).toBeGreaterThanOrEqual(nominal - 0.01);
      if (atLeast !== true) expect(mean).toBeLessThanOrEqual(nominal + 0.01);
    },
  );

  it('is as docs/intervals.md says', () => {
    expect(measured.page).toBe(readFileSync(new URL('docs/intervals.md', root), 'utf8'));
  });
});
