import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { repository } from './chart.js';
import { generatedFiles, leftOver } from './generated-files.js';

describe('what the chart has from elsewhere', () => {
  it.each([...generatedFiles()])('%s is up to date (node tools/docs/helm.mjs writes it)', (path, text) => {
    const file = join(repository, path);
    expect(existsSync(file) ? readFileSync(file, 'utf8') : 'missing').toBe(text);
  });

  it('has an original', () => {
    expect(leftOver()).toEqual([]);
  });
});
