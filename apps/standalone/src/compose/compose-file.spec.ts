import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { readChannels } from '@moola/notifier/send/channel-settings';
import { readServiceSettings } from '@moola/platform/service/read-service-settings';
import { withSecretsFolder } from '@moola/platform/settings/secrets-folder';
import { readSettingFile } from '@moola/platform/settings/settings-file';
import { systemClock } from '@moola/streams/adapters/system-clock';
import { runCommand } from '@moola/testbed/command';
import { serviceNames } from '@moola/testbed/fleet';
import { parse } from 'yaml';
import { readComposeFile, repository } from './compose-file.js';

const { services, volumes } = readComposeFile();
const moola = serviceNames.flatMap((name) => {
  const service = services[name];
  return service === undefined ? [] : [[name, service] as const];
});
/** Containers that stay, and those that do their work and end. */
const staying = Object.entries(services).filter(([, { restart }]) => restart === 'unless-stopped');
const passing = Object.entries(services).filter(([, { restart }]) => restart === 'no');
const published = Object.values(services).flatMap(({ ports }) => ports ?? []);

describe('docker-compose.yml', () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'moola-keys-'));
  });

  afterEach(() => rmSync(folder, { recursive: true }));

  const makeKeys = () => spawnSync(process.execPath, [join(repository, 'deploy/make-keys.mjs'), folder]).status;

  it('runs every service, from one image', () => {
    expect(moola.map(([name]) => name)).toEqual([...serviceNames]);
    for (const [name, { image, command, healthcheck }] of moola) {
      expect(image).toBe('moola:local');
      expect(command).toEqual([`apps/${name}/dist/main.js`]);
      expect(existsSync(join(repository, `apps/${name}/src/main.ts`))).toBe(true);
      expect(healthcheck?.test).toEqual(['CMD', 'node', 'deploy/healthy.mjs']);
    }
  });

  it('names only files, folders and volumes that are there', () => {
    for (const { volumes: mounts, build } of Object.values(services)) {
      for (const mount of mounts ?? []) {
        const source = mount.split(':')[0] as string;
        expect(source.startsWith('./') ? existsSync(join(repository, source)) : source in volumes).toBe(true);
      }
      if (build !== undefined) expect(existsSync(join(repository, build.context, build.dockerfile))).toBe(true);
    }
  });

  it('has containers that stay and one that makes what they share', () => {
    const others = ['kafka', 'redis', 'prometheus', 'alertmanager', 'alerts', 'grafana'];
    expect(staying.map(([name]) => name).sort()).toEqual([...serviceNames, ...others].sort());
    expect(passing.map(([name]) => name)).toEqual(['settings']);
  });

  it.each(Object.entries(services))('bounds %s: memory, processes, log, and what it may do', (_name, service) => {
    expect(service.mem_limit).toMatch(/^\d+[mg]$/);
    expect(service.pids_limit).toBeGreaterThan(0);
    expect(service.logging).toEqual({
      driver: 'json-file',
      options: { 'max-size': expect.stringMatching(/^\d+m$/), 'max-file': expect.stringMatching(/^\d+$/) },
    });
    expect(service.cap_drop).toEqual(['ALL']);
    expect([service.cap_add, service.privileged]).toEqual([undefined, undefined]);
    expect(service.security_opt).toEqual(['no-new-privileges:true']);
  });

  it.each(staying)('asks %s whether it is well, by a program that starts in a blink', (_name, { healthcheck }) => {
    const [form, program, ...words] = healthcheck?.test ?? [];
    expect(form).toBe('CMD');
    expect(['node', 'wget', 'bash']).toContain(program);
    // What Kafka and others ship as scripts starts a Java each time.
    expect(words.join(' ')).not.toMatch(/java|kafka-\S*\.sh/);
  });

  it('lets what it can run on a file system that is read only', () => {
    const writable = Object.entries(services).filter(([, service]) => service.read_only !== true);
    // They write beside their data: Kafka its settings, Grafana its plug-ins.
    expect(writable.map(([name]) => name)).toEqual(['kafka', 'grafana']);
  });

  it('is reached from this machine only, each server at a port of its own', () => {
    for (const port of published) expect(port).toMatch(/^127\.0\.0\.1:\d+:\d+$/);
    expect(new Set(published.map((port) => port.split(':')[1])).size).toBe(published.length);
  });

  it('waits only for services that it has', () => {
    for (const { depends_on: needs } of Object.values(services)) {
      for (const name of Object.keys(needs ?? {})) expect(Object.keys(services)).toContain(name);
    }
  });

  it('starts Alertmanager anew when the settings that are made for it have changed', () => {
    expect(services['alertmanager']?.depends_on?.['settings']).toMatchObject({ restart: true });
  });

  it('keeps .env and the files of channels, which hold secrets, out of the repository and out of the image', () => {
    for (const list of ['.gitignore', '.dockerignore'])
      expect(readFileSync(join(repository, list), 'utf8').split('\n')).toEqual(
        expect.arrayContaining(['.env', 'deploy/channels/MOOLA_*']),
      );
  });

  it('gives the notifier, and nobody else, the folder whose files are its channels', () => {
    writeFileSync(join(folder, 'MOOLA_CHANNEL_TEAM_SLACK_URL'), 'https://hooks.slack.example/T/B/x\n');
    for (const [name, { environment, volumes: mounts }] of moola) {
      const mount = mounts?.find((each) => each.startsWith('./deploy/channels:'));
      const [, inContainer] = mount?.split(':') ?? [];
      expect([name, inContainer]).toEqual([
        name,
        name === 'notifier' ? environment?.['MOOLA_SECRETS_FOLDER'] : undefined,
      ]);
      if (inContainer === undefined) continue;
      const given = withSecretsFolder({ ...environment, MOOLA_SECRETS_FOLDER: folder });
      if (!given.ok) throw new Error(given.problems.join('\n'));
      const read = readChannels({ environment: given.variables, readFile: readSettingFile });
      expect(read.ok && [...read.open({ clock: systemClock }).keys()]).toEqual(['slack/TEAM']);
    }
  });

  it('gives every service settings that it can read, with the keys that the first start makes', () => {
    expect(makeKeys()).toBe(0);
    const fromVolume = (path: string): string => readFileSync(path.replace('/keys', folder), 'utf8');
    for (const [, { environment }] of moola) {
      const { MOOLA_SECRETS_FOLDER: _, ...variables } = environment ?? {};
      const read = readServiceSettings({ settings: {} }, variables, fromVolume);
      if (!read.ok) throw new Error(read.problems.join('\n'));
      expect(read.settings.kafkaBrokers).toEqual(['kafka:9092']);
      expect(read.settings.port).toBe(8080);
      const files = Object.keys(environment ?? {}).filter((name) => name.endsWith('_FILE'));
      expect(files).toEqual(['MOOLA_TOKEN_FILE', 'MOOLA_INSTALLATION_KEY_FILE']);
    }
  });

  it('keeps the keys that are there', () => {
    makeKeys();
    const read = (): string[] => ['token', 'installation-key'].map((name) => readFileSync(join(folder, name), 'utf8'));
    const before = read();
    expect(makeKeys()).toBe(0);
    expect(read()).toEqual(before);
    expect(statSync(join(folder, 'installation-key')).mode & 0o077).toBe(0);
  });

  it('has Prometheus look at every service, and Grafana at Prometheus', () => {
    const file = (path: string): unknown => parse(readFileSync(join(repository, 'deploy', path), 'utf8'));
    expect(file('prometheus/prometheus.yml')).toMatchObject({
      alerting: { alertmanagers: [{ static_configs: [{ targets: ['alertmanager:9093'] }] }] },
      rule_files: ['rules/*.yml'],
      scrape_configs: [
        { dns_sd_configs: [{ names: moola.map(([name]) => name), type: 'A', port: 8080 }] },
        { metrics_path: '/metrics/models', dns_sd_configs: [{ names: ['console'], type: 'A', port: 8080 }] },
      ],
    });
    expect(file('grafana/datasources/prometheus.yml')).toMatchObject({
      datasources: [{ uid: 'prometheus', url: 'http://prometheus:9090' }],
    });
    expect(file('grafana/providers/moola.yml')).toMatchObject({
      providers: [{ type: 'file', options: { path: '/etc/moola/dashboards' } }],
    });
    const mounts = services['grafana']?.volumes ?? [];
    expect(mounts).toEqual(
      expect.arrayContaining([
        './deploy/grafana/datasources:/etc/grafana/provisioning/datasources:ro',
        './deploy/grafana/providers:/etc/grafana/provisioning/dashboards:ro',
        './deploy/grafana/dashboards:/etc/moola/dashboards:ro',
      ]),
    );
  });
});

describe('the health check of a container', () => {
  const healthy = async (port: number): Promise<number | undefined> => {
    const program = join(repository, 'deploy/healthy.mjs');
    return (await runCommand(process.execPath, [program], { MOOLA_PORT: String(port) })).code;
  };

  const check = async (status: number): Promise<number | undefined> => {
    const server = createServer((_, response) => response.writeHead(status).end('{}')).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    return healthy(port).finally(() => server.close());
  };

  it('follows /healthz', async () => {
    expect(await check(200)).toBe(0);
    expect(await check(503)).toBe(1);
  });

  it('fails when nothing listens', async () => {
    // Nobody listens on port 1 of this machine.
    expect(await healthy(1)).toBe(1);
  });
});
