import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { repository } from '../compose/compose-file.js';
import { parseOptions } from './options.js';
import { runDeployment } from './run-deployment.js';

/** Targets whose programs write down how they were called: a cluster and an engine are not needed to see what would be done. */
describe('a deployment', () => {
  const path = process.env['PATH'];
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'moola-deployment-'));
  });

  afterEach(() => {
    process.env['PATH'] = path;
    rmSync(folder, { recursive: true });
  });

  const file = (name: string, text: string): string => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };

  /** A program that writes down its arguments, and answers as the shell script says. */
  const program = (name: string, script = ''): void => {
    file(name, `#!/bin/sh\necho "${name} $*" >> "${folder}/calls"\n${script}\n`);
    chmodSync(join(folder, name), 0o755);
  };
  const calls = (): string[] =>
    existsSync(join(folder, 'calls')) ? readFileSync(join(folder, 'calls'), 'utf8').trim().split('\n') : [];

  /** @param programs the only ones on the PATH: the folder's, or the machine's too */
  const run = async (
    words: readonly string[],
    environment: Readonly<Record<string, string>> = {},
    programs: 'folder' | 'machine' = 'machine',
  ) => {
    process.env['PATH'] = programs === 'folder' ? folder : `${folder}${delimiter}${path}`;
    const parsed = parseOptions([...words, '--report', join(folder, 'report.md')]);
    if (!parsed.ok) throw new Error(parsed.problem);
    const lines: string[] = [];
    const local = { MOOLA_LOCAL_DEPLOYMENT: join(folder, 'local') };
    const code = await runDeployment(parsed.options, { ...local, ...environment }, (line) => void lines.push(line));
    const report = readFileSync(join(folder, 'report.md'), 'utf8');
    return { code, lines, report, planned: lines.filter((line) => line.startsWith('would run: ')) };
  };

  describe('on Kubernetes', () => {
    const cluster = (minor: string, more = '') =>
      program(
        'kubectl',
        `case "$*" in
          *api-versions) printf 'apps/v1\\nkeda.sh/v1alpha1\\nv1\\n';;
          *version*) echo '{"serverVersion":{"major":"1","minor":"${minor}","gitVersion":"v1.${minor}.0"}}';;
          *can-i*) echo yes;;
          ${more}
        esac`,
      );
    const helm = (more = '') => program('helm', `case "$*" in version*) echo v3.22.0;; ${more} esac`);
    const { version, appVersion } = parse(
      readFileSync(join(repository, 'helm/moola-monitoring/Chart.yaml'), 'utf8'),
    ) as Record<string, string>;
    const listed = (chart = version, application = appVersion) =>
      `list*) echo '[{"name":"moola","revision":"3","chart":"moola-monitoring-${chart}","app_version":"${application}"}]';;`;
    // After an upgrade a pod of before is still ending, once.
    const pods = `*deletionTimestamp*) [ -e "$0.left" ] || echo pod-0; touch "$0.left";;
        *get*deployments*) echo '{"items":[{"metadata":{"name":"c","labels":{"app.kubernetes.io/component":"console"}},"spec":{"replicas":2},"status":{"readyReplicas":2}}]}';;
        *get*pods*) echo '{"items":[{"metadata":{"name":"pod-0","deletionTimestamp":"2026-01-31T12:00:00Z"},"status":{"phase":"Running"}},{"metadata":{"name":"pod-9"},"status":{"phase":"Pending"}},{"metadata":{"name":"pod-1"},"status":{"phase":"Running"}}]}';;
        *get*services*) echo monitoring-console;;`;
    const values = () => file('values.yaml', 'secrets: { existing: moola-secrets }\n');

    it('is one upgrade of the release, with its values and definitions', async () => {
      cluster('34');
      helm();
      const definitions = file('churn.yaml', 'kind: Model\nname: churn\nlabelHorizon: 1d\n');
      const words = ['--target', 'kubernetes', '--values', values(), '--definitions', definitions, '--namespace', 'ml'];
      const { code, report } = await run(words);
      expect([code, report]).toEqual([0, expect.stringContaining('**as it should be**')]);
      expect(calls().at(-2)).toMatch(
        /^helm upgrade --install moola \S+\/helm\/moola-monitoring --namespace ml --create-namespace --values \S+values.yaml --set-file definitions\.files\.churn\\\.yaml=\S+churn.yaml --wait --timeout 10m$/,
      );
      expect(calls()).toContain('kubectl --namespace ml get secret moola-secrets --output name');
      expect(report).toContain('| Target | kubernetes, ml/moola |');
    });

    it('gives every step of Helm the time that it is told', async () => {
      cluster('34', `${pods} *notify*) echo '[]';;`);
      helm(`*get*values*) echo '{"environments":["live"]}';; ${listed()}`);
      for (const command of ['deploy', 'test', 'clean'])
        expect((await run([command, '--target', 'kubernetes', '--timeout', '1h30m'])).code).toBe(0);
      const waiting = calls().filter((call) => call.includes('--timeout'));
      const steps = waiting.map((call) => /upgrade|rollout|uninstall|test/.exec(call)?.[0]);
      expect(steps).toEqual(['upgrade', 'test', 'upgrade', 'rollout', 'upgrade', 'rollout', 'uninstall']);
      for (const call of waiting) expect(call).toContain('--timeout 1h30m');
    });

    it('in a dry run says every command and runs none', async () => {
      for (const command of ['validate', 'deploy', 'test', 'clean']) {
        const { code, planned, report } = await run([command, '--target', 'kubernetes', '--dry-run'], {}, 'folder');
        expect([command, code]).toEqual([command, 0]);
        expect(planned.length).toBeGreaterThan(3);
        expect(report).toContain('**dry run**: nothing was changed');
      }
      expect(calls()).toEqual([]);
    });

    it('is tested in an environment of its own, which goes again, also when the test fails', async () => {
      const valuesOf = `*get*values*) echo '{"environments":["live","deployment-test-old"]}';;`;
      cluster('34', `${pods} *notify*) echo '[{"channel":"slack/team"}]';; *run*) echo it was seen;;`);
      helm(`${valuesOf} ${listed()}`);
      const { code, lines, report } = await run(['test', '--target', 'kubernetes']);
      expect(code).toBe(0);
      expect(report).toContain('revision 3. The test adds two revisions');
      expect(report).toContain('helm rollback moola 3 --namespace moola goes back to this one');
      expect(lines.join('\n')).toContain('delivered to slack/team');
      const upgrades = calls().filter((call) => call.startsWith('helm upgrade'));
      expect(upgrades[0]).toMatch(/--reuse-values --set environments=\{live,deployment-test-[0-9a-f]{8}\} --wait/);
      expect(upgrades[1]).toMatch(/--reuse-values --set environments=\{live\} --wait/);
      expect(calls()).toContain('helm test moola --namespace moola --timeout 10m');
      // Not before the pods have gone that do not serve it yet.
      const asks = calls().filter((call) => call.includes('deletionTimestamp'));
      expect(asks).toHaveLength(3);
      const [first] = calls().flatMap((call, i) => (call.includes(' exec ') ? [i] : []));
      expect(
        calls()
          .slice(0, first)
          .filter((call) => asks.includes(call)),
      ).toHaveLength(2);
      const inside = calls().filter((call) => call.includes(' exec '));
      expect(inside.map((call) => call.replace(/-[0-9a-f]{8}/, ''))).toEqual([
        'kubectl --namespace moola exec pod-1 -- moola deployment-test run --environment deployment-test',
        'kubectl --namespace moola exec pod-1 -- moola notify test --json',
        'kubectl --namespace moola exec pod-1 -- moola deployment-test remove --environment deployment-test',
      ]);

      rmSync(join(folder, 'calls'));
      cluster('34', `${pods} *run*) echo 'moola: no snapshot came' >&2; exit 1;; *notify*) echo '[]';;`);
      const failed = await run(['test', '--target', 'kubernetes']);
      expect([failed.code, failed.report]).toEqual([1, expect.stringContaining('moola: no snapshot came')]);
      expect(calls().some((call) => call.includes('deployment-test remove'))).toBe(true);
    });

    it.each([
      ['of another version', listed('9.8.7', '9.8.7'), '{}', 'moola is moola-monitoring-9.8.7 (Moola 9.8.7)'],
      ['of another version of Moola', listed(version, '9.8.7'), '{}', 'the test would upgrade it'],
      ['whose topics Strimzi makes', listed(), '{"kafka":{"topics":{"madeBy":"strimzi"}}}', 'madeBy is strimzi'],
      ['whose topics somebody makes', listed(), '{"kafka":{"topics":{"madeBy":"none"}}}', 'madeBy is none'],
      ['that is not there', "list*) echo '[]';;", '{}', 'there is no release moola in namespace moola'],
    ])('does not touch a release %s by a test', async (_, list, valuesOf, why) => {
      cluster('34', pods);
      helm(`*get*values*) echo '${valuesOf}';; ${list}`);
      const { code, report } = await run(['test', '--target', 'kubernetes']);
      expect([code, report]).toEqual([1, expect.stringContaining(why)]);
      expect(calls().filter((call) => /^helm upgrade| exec /.test(call))).toEqual([]);
    });

    it('tells Helm what the cluster knows, and asks the cluster that is named', async () => {
      cluster('34', pods);
      helm();
      const { report } = await run(['validate', '--target', 'kubernetes', '--context', 'staging']);
      const template = calls().find((call) => call.startsWith('helm template'));
      expect(template).toContain(
        '--kube-version v1.34.0 --api-versions apps/v1 --api-versions keda.sh/v1alpha1 --api-versions v1 ',
      );
      for (const call of calls()) expect(call).toMatch(/^kubectl --context staging |^helm .*--kube-context staging$/);
      expect(report).toContain('| Target | kubernetes, moola/moola, context staging |');
    });

    it('takes a Helm that is named by its path, and says when it is not there', async () => {
      cluster('34', pods);
      program('helm-of-mine', 'case "$*" in version*) echo v3.22.0;; esac');
      const own = await run(['validate', '--target', 'kubernetes'], { MOOLA_HELM: join(folder, 'helm-of-mine') });
      expect([own.code, own.report]).toEqual([0, expect.stringContaining('Helm v3.22.0')]);
      const none = await run(['validate', '--target', 'kubernetes'], { MOOLA_HELM: join(folder, 'nowhere') });
      expect(none.report).toContain(`there is no ${join(folder, 'nowhere')} on the PATH`);
    });

    it('says where the console is by the name that it has in the cluster', async () => {
      cluster('34', pods);
      helm();
      const { report } = await run(['--target', 'kubernetes']);
      expect(report).toContain('kubectl --namespace moola port-forward service/monitoring-console 8080:8080');
      expect(calls().find((call) => call.includes('get services'))).toContain(
        'app.kubernetes.io/part-of=moola,app.kubernetes.io/instance=moola,app.kubernetes.io/component in (console,standalone)',
      );
    });

    it('removes a release that is there, and nothing where there is none', async () => {
      cluster('34');
      helm(listed());
      expect((await run(['clean', '--target', 'kubernetes'])).code).toBe(0);
      expect(calls().some((call) => call.includes('delete'))).toBe(false);
      expect((await run(['clean', '--target', 'kubernetes', '--delete-data', '--yes'])).code).toBe(0);
      expect(calls()).toContain('helm uninstall moola --namespace moola --wait --timeout 10m');
      const ofIt = 'app.kubernetes.io/instance=moola,app.kubernetes.io/component=standalone';
      const removal = `kubectl --namespace moola delete persistentvolumeclaims --selector app.kubernetes.io/name`;
      expect(calls()).toContain(`${removal}=moola-monitoring,${ofIt}`);
      helm(`*get*values*) echo '{"nameOverride":"watch"}';; ${listed()}`);
      await run(['clean', '--target', 'kubernetes', '--delete-data', '--yes']);
      expect(calls()).toContain(`${removal}=watch,${ofIt}`);
      rmSync(join(folder, 'calls'));
      helm();
      const again = await run(['clean', '--target', 'kubernetes']);
      expect([again.code, again.lines.join('\n')]).toEqual([0, expect.stringContaining('there is no release moola')]);
      expect(calls().some((call) => call.startsWith('helm uninstall'))).toBe(false);
    });

    it('says what is missing on this machine, and asks nothing else', async () => {
      const nothing = await run(['validate', '--target', 'kubernetes'], {}, 'folder');
      expect(nothing.code).toBe(1);
      expect(nothing.report).toContain('there is no kubectl on the PATH: https://kubernetes.io/docs/tasks/tools/');
      expect(nothing.report).toContain('there is no helm on the PATH: https://helm.sh/docs/intro/install/');
      expect(nothing.report).not.toContain('Chart and values');
    });

    it('refuses an old cluster, missing rights and a secret that is not there, in words', async () => {
      cluster('24');
      helm();
      const old = await run(['validate', '--target', 'kubernetes']);
      expect(old.report).toMatch(/Kubernetes v1\.24\.0 is too old: the chart needs 1\.\d+ or newer/);

      program(
        'kubectl',
        `case "$*" in *api-versions) echo v1;; *version*) echo '{"serverVersion":{"major":"1","minor":"34","gitVersion":"v1.34.2"}}';; *can-i*) echo no; exit 1;; esac`,
      );
      const noRights = await run(['validate', '--target', 'kubernetes']);
      expect(noRights.report).toContain('you may not create deployments.apps in namespace moola');

      cluster(
        '34',
        `*get*secret*) echo 'Error from server (NotFound): secrets "moola-secrets" not found' >&2; exit 1;;`,
      );
      const noSecret = await run(['validate', '--target', 'kubernetes', '--values', values()]);
      expect([noSecret.code, noSecret.report]).toEqual([
        1,
        expect.stringContaining('the values name the secret "moola-secrets", which is not in namespace moola'),
      ]);

      program('kubectl', 'echo connection refused >&2; exit 1');
      expect((await run(['--target', 'kubernetes'])).report).toContain(
        'no cluster answers: which one does kubectl use',
      );
    });
  });

  describe('by Compose', () => {
    const docker = (more = '') =>
      program(
        'docker',
        `case "$*" in
          version*) echo 27.0.1;;
          'compose version'*) echo 2.30.1;;
          *' ps '*) echo '{"Service":"console","State":"running","Health":"healthy"}';;
          *printenv*) echo live;;
          *notify*) echo '[]';;
          ${more}
        esac`,
      );

    it('builds, starts and waits, and applies definitions', async () => {
      docker('*apply*) cat > "$(dirname "$0")/applied"; echo applied;;');
      const definitions = file('churn.yaml', 'kind: Model\nname: churn\nlabelHorizon: 1d\n');
      const { code, report } = await run(['--target', 'compose', '--definitions', definitions]);
      expect([code, report]).toEqual([0, expect.stringContaining('| console | running, healthy |')]);
      expect(calls()).toContain('docker compose up --detach --build --wait --wait-timeout 300');
      expect(calls()).toContain('docker compose exec -T console moola apply /dev/stdin');
      for (const service of ['prometheus', 'alertmanager'])
        expect(calls()).toContain(`docker compose exec -T ${service} sh -c kill -HUP 1`);
      expect(readFileSync(join(folder, 'applied'), 'utf8')).toContain('name: churn');
    });

    it('is tested in an environment of its own', async () => {
      docker();
      const { code } = await run(['test', '--target', 'compose']);
      expect(code).toBe(0);
      expect(calls().filter((call) => call.startsWith('docker compose up'))).toHaveLength(2);
    });

    it('keeps the data unless it is told to remove it', async () => {
      docker();
      await run(['clean', '--target', 'compose']);
      expect(calls().at(-2)).toBe('docker compose down --remove-orphans');
      await run(['clean', '--target', 'compose', '--delete-data', '--yes']);
      expect(calls().at(-2)).toBe('docker compose down --remove-orphans --volumes');
    });

    it('in a dry run says every command and runs none', async () => {
      const { code, planned } = await run(['--target', 'compose', '--dry-run'], {}, 'folder');
      expect([code, calls()]).toEqual([0, []]);
      expect(planned).toContain('would run: docker compose up --detach --build --wait --wait-timeout 300');
    });

    it('says that there is no engine, that it does not answer, or that Compose is too old', async () => {
      const none = await run(['--target', 'compose'], {}, 'folder');
      expect([none.code, none.report]).toEqual([1, expect.stringContaining('there is no docker on the PATH')]);
      program('docker', 'echo Cannot connect to the Docker daemon >&2; exit 1');
      expect((await run(['--target', 'compose'])).report).toContain('Docker does not answer: is it started');
      program('docker', `case "$*" in version*) echo 20.1;; *) echo v2.3.0;; esac`);
      expect((await run(['--target', 'compose'])).report).toContain(
        'Compose v2.3.0 is too old: 2.20 or newer is needed',
      );
    });
  });

  describe('on this machine', () => {
    it('in a dry run starts nothing', async () => {
      const { code, report } = await run(['--dry-run']);
      expect([code, report]).toEqual([0, expect.stringContaining('would be started on this machine')]);
      expect(existsSync(join(folder, 'local'))).toBe(false);
    });

    it('says that nothing is deployed', async () => {
      const tested = await run(['test']);
      expect([tested.code, tested.report]).toEqual([1, expect.stringContaining('nothing is deployed: deploy first')]);
      const cleaned = await run(['clean']);
      expect([cleaned.code, cleaned.report]).toEqual([0, expect.stringContaining('nothing is deployed here')]);
    });

    const settings = {
      MOOLA_KAFKA_BROKERS: '127.0.0.1:1',
      REDIS_URL: 'redis://127.0.0.1:1',
      MOOLA_INSTALLATION_KEY: Buffer.alloc(32, 1).toString('base64'),
    };

    const listening = async (): Promise<{ port: number; close: () => Promise<void> }> => {
      const server = createServer((socket) =>
        socket.on('data', (text) => {
          const status = text.includes('/-/ready') ? 200 : 500;
          socket.end(`HTTP/1.1 ${status} \r\ncontent-length: 0\r\n\r\n`);
        }),
      );
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      const { port } = server.address() as { port: number };
      return { port, close: () => new Promise((resolve) => server.close(() => resolve())) };
    };

    it('says that Kafka or Redis is away, and which', async () => {
      const noKafka = await run(['validate'], settings);
      expect(noKafka.code).toBe(1);
      expect(noKafka.report).toContain('failed | Kafka cannot be reached: 127.0.0.1:1: connect ECONNREFUSED');
      const { port, close } = await listening();
      const noRedis = await run(['validate'], { ...settings, MOOLA_KAFKA_BROKERS: `127.0.0.1:${port}` });
      await close();
      expect([noRedis.code, noRedis.report]).toEqual([1, expect.stringContaining('failed | Redis at 127.0.0.1:1: ')]);
    });

    it('says which secret is missing', async () => {
      const { MOOLA_INSTALLATION_KEY: _, ...without } = settings;
      const { code, report } = await run(['validate'], without);
      expect([code, report]).toEqual([
        1,
        expect.stringContaining('MOOLA_INSTALLATION_KEY: every process needs the same one'),
      ]);
    });

    it('names every problem of definitions and channels, without a secret', async () => {
      const definitions = file('wrong.yaml', 'kind: Model\nname: churn\nlabelHorizon: soon\n');
      const channel = { MOOLA_CHANNEL_TEAM_SLACK_URL: 'xoxb-secret' };
      const { code, report } = await run(['validate', '--definitions', definitions], channel);
      expect(code).toBe(1);
      expect(report).toMatch(/wrong\.yaml.*labelHorizon/);
      expect(report).toContain('MOOLA_CHANNEL_TEAM_SLACK_URL');
      expect(report).not.toContain('xoxb-secret');
    });

    it('connects to the channels and to Prometheus, and sends nothing', async () => {
      const { port, close } = await listening();
      const there = {
        MOOLA_CHANNEL_TEAM_WEBHOOK_SECRET: `whsec_${Buffer.alloc(24, 1).toString('base64')}`,
        MOOLA_CHANNEL_TEAM_WEBHOOK_URL: `http://127.0.0.1:${port}/`,
        MOOLA_PROMETHEUS_URL: `http://127.0.0.1:${port}`,
      };
      const well = await run(['validate'], there);
      await close();
      expect(well.report).toContain(`| Notification channels | ok | 127.0.0.1:${port} |`);
      expect(well.report).toContain(`| Prometheus | ok | ready at http://127.0.0.1:${port} |`);
      const away = await run(['validate'], there);
      expect([away.code, away.report]).toEqual([
        1,
        expect.stringContaining(`MOOLA_CHANNEL_TEAM_WEBHOOK_URL: no connection to 127.0.0.1:${port}`),
      ]);
      expect(away.report).toContain(`no answer from http://127.0.0.1:${port}`);
    });
  });
});

describe('deploy/deploy_monitoring.sh', () => {
  const script = join(repository, 'deploy/deploy_monitoring.sh');
  const call = (...words: string[]) => {
    const { status, stdout, stderr } = spawnSync('bash', [script, ...words], { encoding: 'utf8' });
    return { status, stdout, stderr };
  };

  it('says what there is', () => {
    const { status, stdout, stderr } = call('validate', '--help');
    expect([status, stderr]).toEqual([0, '']);
    for (const word of [
      'validate',
      'test',
      'clean',
      '--target',
      '--dry-run',
      '--definitions',
      '--values',
      '--context',
      '--timeout',
      '--yes',
    ])
      expect(stdout).toContain(word);
    for (const line of stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(130);
  });

  it.each([
    [['--target', 'nomad'], 'there is no target "nomad": local, compose or kubernetes'],
    [['--target'], '--target needs a value'],
    [['validat'], 'there is no command "validat": none for a full deployment, or validate, test, clean'],
    [['--force'], 'there is no option --force'],
    [['--force=1'], 'there is no option --force=1'],
    [['test', 'clean'], 'one command at a time, not also "clean"'],
    [['--target=nomad'], 'there is no target "nomad": local, compose or kubernetes'],
    [['--port', '70000'], '--port must be a number from 0 to 65535, not "70000"'],
    [['--release=A'], '--release "A" is no name: small letters, digits and dashes, 53 at most'],
    [['--values', '--dry-run'], '--values needs a value'],
    [['--timeout', '35'], '--timeout "35" is no duration: numbers of h, m or s, such as 35m or 1h30m'],
    [['--timeout=0m'], '--timeout "0m" is no duration: numbers of h, m or s, such as 35m or 1h30m'],
    [['--dry-run=1'], '--dry-run takes no value'],
    [
      ['clean', '--delete-data'],
      'clean --delete-data removes data for good: add --yes, or --dry-run to see what it does',
    ],
  ])('refuses %j before it builds anything', (words, problem) => {
    expect(call(...words)).toEqual({
      status: 2,
      stdout: '',
      stderr: `deploy_monitoring.sh: ${problem}; add --help to see what there is\n`,
    });
  });

  it('is written for bash 3.2, which macOS has', () => {
    const text = readFileSync(script, 'utf8');
    // Associative arrays, ${name^^}, mapfile, |&, ;;& came later.
    expect(text).not.toMatch(/declare -A|local -n|mapfile|readarray|\$\{\w+(\^|,)|\|&|;;?&|&>>/);
  });
});
