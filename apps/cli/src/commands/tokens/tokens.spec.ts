import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Severity } from '@moola/contracts/gen/moola/v1/definitions_pb';
import { topics } from '@moola/contracts/topics';
import { ConsoleServer } from '@moola/standalone/testing/console-server';
import { moola } from '../../testing/moola.js';

const configured = 'a-token-of-enough-length';

/** One story, in the order of its tests. */
describe('moola tokens', () => {
  let server: ConsoleServer;
  const texts = new Map<string, string>();
  const as = (token: string | undefined, ...words: string[]) =>
    moola(words, { env: { MOOLA_SERVER: server.url, ...(token !== undefined && { MOOLA_TOKEN: token }) } });
  const admin = (...words: string[]) => as(configured, 'tokens', ...words);

  beforeAll(async () => {
    server = await ConsoleServer.start({ environments: ['live', 'example'], token: configured });
    await server.incidentEvents('live', [
      {
        ...{ incident: 'Fraud~Drop~1', number: 1, atMs: 0, model: 'Fraud' },
        kind: { case: 'opened', value: { rule: 'Drop', version: 'v2', severity: Severity.CRITICAL, title: 'Drop' } },
      },
    ]);
    server.answerCommands('live', ({ id, actor, authenticated }) => ({
      ...{ number: 2, atMs: 1, model: 'Fraud' },
      kind: { case: 'acknowledged', value: { command: id, by: actor, authenticated } },
    }));
  });
  afterAll(() => server.close());

  it('are none at first', async () => {
    expect(await admin('list')).toEqual({
      ...{ exitCode: 0, stderr: '' },
      stdout: 'no API token is in force: moola tokens create makes one\n',
    });
  });

  it('are made: the text alone on standard output, what it is on standard error', async () => {
    const made = [
      ['maria', '--role', 'operator'],
      ['eve', '--role', 'viewer', '--environment', 'live', '--environment', 'example', '--expires', 'never'],
      ['eve', '--environment', 'example', '--role', 'viewer', '--expires', '12h'],
    ];
    for (const words of made) {
      const { exitCode, stdout, stderr } = await admin('create', ...words);
      expect(exitCode).toBe(0);
      expect(stdout).toMatch(/^moola_[0-9a-f]{12}_[\w-]{43}\n$/);
      texts.set(words.slice(0, 4).join(' '), stdout.trim());
      expect(stderr).toContain(`${stdout.slice(0, 18)}… of ${words[0]}: role `);
      expect(stderr).not.toContain(stdout.trim());
    }
  });

  it('are listed, without their texts', async () => {
    const { stdout } = await admin('list');
    const today = new Date().toISOString().slice(0, 10);
    expect(
      stdout.split('\n').map((line) => line.replace(/moola_[0-9a-f]{12}/, 'moola_').replace(/ \d\d:\d\d/g, '')),
    ).toEqual([
      'TOKEN                NAME   ROLE      ENVIRONMENTS   MADE (UTC)        BY           STATE',
      expect.stringMatching(new RegExp(`^moola_… {2}eve    viewer    example        ${today}  MOOLA_TOKEN  until `)),
      expect.stringMatching(new RegExp(`^moola_… {2}eve    viewer    live, example  ${today}  MOOLA_TOKEN  for ever`)),
      expect.stringMatching(new RegExp(`^moola_… {2}maria  operator  all            ${today}  MOOLA_TOKEN  until `)),
      '',
    ]);
    for (const text of texts.values()) expect(stdout).not.toContain(text.slice(-20));
  });

  it('say who acknowledges, and let nobody say another', async () => {
    const maria = texts.get('maria --role operator');
    expect(await as(maria, 'incidents', 'ack', 'Fraud~Drop~1', '--as', 'the boss')).toEqual({
      ...{ exitCode: 1, stdout: '' },
      stderr: expect.stringContaining('moola: --as the boss: the server knows this token as maria'),
    });
    expect(await as(maria, 'incidents', 'ack', 'Fraud~Drop~1')).toEqual({
      ...{ exitCode: 0, stderr: '', stdout: 'acknowledged Fraud~Drop~1 as maria (event 2)\n' },
    });
    const commands = (await server.rows('live', topics.signals)).map(({ kind }) => kind.value);
    expect(commands).toMatchObject([{ actor: 'maria', authenticated: true }]);
    expect((await as(maria, 'incidents', 'show', 'Fraud~Drop~1')).stdout).toMatch(/ maria acknowledged\n/);
  });

  it('that may not do something are told which role it needs', async () => {
    const eve = texts.get('eve --role viewer --environment');
    expect(await as(eve, 'incidents', 'ack', 'Fraud~Drop~1')).toEqual({
      ...{ exitCode: 1, stdout: '' },
      stderr:
        'moola: eve has the role viewer, and this asks for the role operator (docs/security.md says who may do what)\n',
    });
    expect((await as(eve, 'tokens', 'list')).stderr).toContain('this asks for the role admin');
  });

  it('are revoked by name when it has one, else by their beginning; then they say so', async () => {
    expect((await admin('revoke', 'nobody')).stderr).toContain('no token "nobody" is in force');
    expect((await admin('revoke', 'eve')).stderr).toMatch(
      /^moola: eve has 2 tokens: say which, moola_\w{12} or moola_\w{12}\n$/,
    );
    expect((await admin('revoke', 'maria')).stdout).toMatch(/^revoked moola_\w{12}… of maria\n$/);
    const maria = texts.get('maria --role operator');
    expect(await as(maria, 'incidents', 'list')).toEqual({
      ...{ exitCode: 1, stdout: '' },
      stderr: expect.stringMatching(
        /^moola: the token moola_\w{12}… of maria was revoked on .* "moola tokens create maria/,
      ),
    });
    const eve = texts.get('eve --role viewer --environment') ?? '';
    expect((await admin('revoke', eve.slice(0, 18))).exitCode).toBe(0);
    expect((await admin('list', '--all')).stdout).toMatch(/maria .* revoked .* by MOOLA_TOKEN\n/);
    expect((await admin('list')).stdout).not.toContain('maria');
  });

  it('that nobody knows are told apart from none', async () => {
    expect((await as('something-else-entirely', 'incidents', 'list')).stderr).toBe(
      `moola: ${server.url} does not know this token: look at MOOLA_TOKEN, or at --token\n`,
    );
    expect((await as(undefined, 'incidents', 'list')).stderr).toContain('asks for a token');
  });

  it.each([
    [['create', 'x'], "required option '--role <role>' not specified"],
    [
      ['create', 'x', '--role', 'root'],
      "argument 'root' is invalid. Allowed choices are viewer, operator, admin, ingest",
    ],
    [['create', 'x', '--role', 'viewer', '--expires', '90'], 'It is no length of time'],
    [['create', 'x', '--role', 'viewer', '--expires', '0d'], 'It is no time at all'],
    [['create', '--role', 'viewer'], "missing required argument 'name'"],
    [['revoke'], "missing required argument 'token'"],
  ])('%j is a wrong use', async (words, message) => {
    const { exitCode, stderr } = await admin(...words);
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining(message)]);
  });

  it('of a wrong name, or for an environment that there is not, are not made', async () => {
    expect((await admin('create', 'a b', '--role', 'viewer')).stderr).toContain('moola: name: must be 1 to 64 letters');
    const elsewhere = await admin('create', 'x', '--role', 'viewer', '--environment', 'staging');
    expect(elsewhere).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining('there is no environment "staging"'),
    });
  });

  it('mean nothing where nobody is asked for one', async () => {
    const open = await ConsoleServer.start({ environments: ['live'] });
    const { exitCode, stderr } = await moola(['tokens', 'create', 'x', '--role', 'viewer', '--server', open.url]);
    await open.close();
    expect([exitCode, stderr]).toEqual([1, expect.stringContaining('set MOOLA_TOKEN')]);
  });
});
