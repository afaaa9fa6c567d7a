import { chmodSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { kafkaProgram } from './kafka-program.js';

describe('the jars of Kafka', () => {
  const before = { ...process.env };
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'moola-jars-'));
    mkdirSync(join(folder, 'bin'));
    process.env['PATH'] = [join(folder, 'bin'), before['PATH']].join(delimiter);
    process.env['MOOLA_TESTBED_CACHE'] = join(folder, 'cache');
    program('java', `echo 'openjdk version "17.0.1"' >&2`);
  });

  afterEach(() => {
    process.env = before;
    rmSync(folder, { recursive: true });
  });

  function program(name: string, script: string): void {
    const path = join(folder, 'bin', name);
    writeFileSync(path, `#!/bin/sh\n${script}\n`);
    chmodSync(path, 0o755);
  }

  /** A Maven that writes one jar after each line of the script before it. */
  function maven(script: string): void {
    const output = 'for a; do case $a in -DoutputDirectory=*) to=${a#*=};; esac; done; mkdir -p "$to"';
    program('mvn', `echo run >> ${join(folder, 'runs')}; ${output}; ${script}`);
  }

  const runs = (): number => readFileSync(join(folder, 'runs'), 'utf8').split('\n').length - 1;

  it('are downloaded once', async () => {
    maven('echo whole > "$to/kafka.jar"');
    const { jars } = await kafkaProgram();
    expect(readFileSync(join(jars, 'kafka.jar'), 'utf8')).toBe('whole\n');
    expect(await kafkaProgram()).toEqual({ java: join(folder, 'bin', 'java'), jars });
    expect(runs()).toBe(1);
  });

  it('are not taken from a download that was broken off', async () => {
    maven('echo half > "$to/kafka.jar"; kill -KILL $$');
    await expect(kafkaProgram()).rejects.toThrow(/Kafka cannot be had here: Maven could not download its jars/);
    expect(readdirSync(join(folder, 'cache'))).toEqual([]);
    maven('echo whole > "$to/kafka.jar"');
    const { jars } = await kafkaProgram();
    expect(readFileSync(join(jars, 'kafka.jar'), 'utf8')).toBe('whole\n');
  });

  it('are whole when two download them at once', async () => {
    // Each waits until the other has begun.
    maven(`echo whole > "$to/kafka.jar"; until [ $(wc -l < ${join(folder, 'runs')}) -ge 2 ]; do sleep 0.01; done`);
    const [first, second] = await Promise.all([kafkaProgram(), kafkaProgram()]);
    expect(first).toEqual(second);
    expect(readFileSync(join(first.jars, 'kafka.jar'), 'utf8')).toBe('whole\n');
    expect(readdirSync(join(folder, 'cache'))).toHaveLength(1);
    expect(runs()).toBe(2);
  });

  it('are of no use to a Java that is too old', async () => {
    program('java', `echo 'openjdk version "11.0.9"' >&2`);
    await expect(kafkaProgram()).rejects.toThrow(/is not Java 17 or newer/);
  });
});
