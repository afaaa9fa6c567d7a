import { describe, expect, it } from '@jest/globals';
import { parseOptions } from './options.js';

describe('the command line of a deployment', () => {
  it('is a full deployment on this machine when nothing is said', () => {
    expect(parseOptions([])).toEqual({
      ok: true,
      options: {
        ...{ command: 'deploy', target: 'local', dryRun: false, deleteData: false, definitions: [], values: [] },
        ...{ report: undefined, port: 8080, namespace: 'moola', release: 'moola', context: undefined },
        timeout: '10m',
      },
    });
  });

  it('takes a command and options in any order', () => {
    const words = ['--target', 'kubernetes', 'test', '--values', 'a.yaml', '--values=b.yaml', '--dry-run'];
    expect(parseOptions(words)).toMatchObject({
      ok: true,
      options: { command: 'test', target: 'kubernetes', values: ['a.yaml', 'b.yaml'], dryRun: true },
    });
  });

  it('removes data when that is said twice, and shows it without', () => {
    for (const word of ['--yes', '--dry-run'])
      expect(parseOptions(['clean', '--delete-data', word])).toMatchObject({ ok: true, options: { deleteData: true } });
  });

  it.each([
    [['deploi'], 'there is no command "deploi": none for a full deployment, or validate, test, clean'],
    [['test', 'clean'], 'one command at a time, not also "clean"'],
    [['--target', 'nomad'], 'there is no target "nomad": local, compose or kubernetes'],
    [['--port', 'http'], '--port must be a number from 0 to 65535, not "http"'],
    [['--port', '70000'], '--port must be a number from 0 to 65535, not "70000"'],
    [['--namespace', 'A b'], '--namespace "A b" is no name: small letters, digits and dashes, 53 at most'],
    ...['10', '0m', 'soon', '5m 3s'].map((word): [string[], string] => [
      ['--timeout', word],
      `--timeout "${word}" is no duration: numbers of h, m or s, such as 35m or 1h30m`,
    ]),
    [['--force'], "Unknown option '--force'"],
    [
      ['clean', '--delete-data'],
      'clean --delete-data removes data for good: add --yes, or --dry-run to see what it does',
    ],
  ])('refuses %j', (words, problem) => {
    expect(parseOptions(words)).toEqual({ ok: false, problem });
  });
});
