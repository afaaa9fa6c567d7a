import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { runCommand } from '@moola/testbed/command';
import { startKafka } from '@moola/testbed/kafka';
import { kafkaProgram } from '@moola/testbed/kafka-program';
import { startRedis } from '@moola/testbed/redis';
import { Redis } from 'ioredis';
import { readComposeFile } from './compose-file.js';

describe('the servers of docker-compose.yml', () => {
  const { services } = readComposeFile();
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'moola-compose-'));
  });

  afterEach(() => rmSync(folder, { recursive: true }));

  // The image of Kafka runs this program of Kafka to turn its environment into properties and to format the storage.
  it('are a Kafka whose environment its image can read', async () => {
    const { java, jars } = await kafkaProgram();
    const [defaults, mounted, final] = ['defaults', 'mounted', 'final'].map((name) => join(folder, name)) as [
      ...[string, string, string],
    ];
    for (const path of [defaults, mounted, final]) mkdirSync(path);
    writeFileSync(join(defaults, 'server.properties'), 'process.roles=broker,controller\n');
    const logging =
      'Configuration: { Properties: { Property: [] }, Appenders: {}, Loggers: { Logger: [], Root: { level: INFO } } }\n';
    for (const name of ['log4j2.yaml', 'tools-log4j2.yaml']) writeFileSync(join(defaults, name), logging);
    const environment = { ...services['kafka']?.environment, KAFKA_LOG_DIRS: join(folder, 'data') };
    const setup = ['kafka.docker.KafkaDockerWrapper', 'setup', '-D', defaults, '-M', mounted, '-F', final];
    const { code, output } = await runCommand(java, ['-cp', join(jars, '*'), ...setup], environment);
    expect([code, output.slice(-2_000)]).toEqual([0, expect.any(String)]);
    const properties = readFileSync(join(final, 'server.properties'), 'utf8');
    expect(properties).toContain('advertised.listeners=INSIDE://kafka:9092,OUTSIDE://localhost:9094');
    expect(properties).toContain('auto.create.topics.enable=false');
    expect(readFileSync(join(folder, 'data', 'meta.properties'), 'utf8')).toContain('node.id=1');
  });

  it('are a Redis that starts with its options and drops no entry', async () => {
    const [program, ...options] = services['redis']?.command ?? [];
    expect(program).toBe('redis-server');
    const lines = options
      .join(' ')
      .split(/(?:^| )--/)
      .slice(1);
    const server = await startRedis({ config: lines });
    const client = new Redis(server.url);
    expect(await client.config('GET', 'maxmemory-policy')).toEqual(['maxmemory-policy', 'noeviction']);
    expect(await client.config('GET', 'appendonly')).toEqual(['appendonly', 'yes']);
    expect(await client.config('GET', 'maxmemory')).toEqual(['maxmemory', String(512 * 1024 ** 2)]);
    client.disconnect();
    expect(await health('redis', 'redis-cli', `redis-cli -p ${server.port}`)).toBe(0);
    await server.stop();
    expect(await health('redis', 'redis-cli', `redis-cli -p ${server.port}`)).not.toBe(0);
  });

  it('are a Kafka that is asked without a Java whether it listens', async () => {
    const server = await startKafka();
    const port = server.brokers.split(':')[1] as string;
    expect(await health('kafka', '9092', port)).toBe(0);
    await server.kill();
    expect(await health('kafka', '9092', port)).not.toBe(0);
    await server.stop();
  });

  /** Runs a container's health check here; the server is at another port. */
  async function health(service: string, word: string, here: string): Promise<number | undefined> {
    const [, program, ...words] = services[service]?.healthcheck?.test ?? [];
    return (
      await runCommand(
        program as string,
        words.map((each) => each.replace(word, here)),
      )
    ).code;
  }
});
