import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import { ConsoleServer } from '@moola/standalone/testing/console-server';
import { cannedServer, deserted } from '../testing/canned-server.js';
import { moola } from '../testing/moola.js';

const list = ['incidents', 'list'];

describe('a server', () => {
  const closing: (() => Promise<void>)[] = [];
  const answering = async (status: number, body: string): Promise<string> => {
    const server = await cannedServer(status, body);
    closing.push(() => server.close());
    return server.url;
  };
  afterEach(async () => {
    for (const close of closing.splice(0)) await close();
  });

  it('that is not there is missed in one line', async () => {
    const url = await deserted();
    expect(await moola([...list, '--server', url])).toEqual({
      ...{ exitCode: 1, stdout: '' },
      stderr: `moola: no server answers at ${url}: start one with \`npm run moola -- up\`\n`,
    });
  });

  it('whose name nobody knows is said to be so', async () => {
    const { stderr } = await moola([...list, '--server', 'http://moola.invalid']);
    expect(stderr).toMatch(/^moola: no server answers at http:\/\/moola\.invalid: .+\n$/);
  });

  it('is asked with the token of the setting', async () => {
    const token = 'a-token-of-enough-length';
    const server = await ConsoleServer.start({ environments: ['live'], token });
    closing.push(() => server.close());
    const env = { MOOLA_SERVER: `${server.url}/` };
    expect(await moola(list, { env })).toEqual({
      ...{ exitCode: 1, stdout: '' },
      stderr: `moola: ${server.url} asks for a token: set MOOLA_TOKEN, or give it with --token\n`,
    });
    expect((await moola(list, { env: { ...env, MOOLA_TOKEN: token } })).exitCode).toBe(0);
    // As in a container, where secrets are mounted.
    const folder = mkdtempSync(join(tmpdir(), 'moola-token-'));
    closing.push(async () => rmSync(folder, { recursive: true }));
    writeFileSync(join(folder, 'token'), `${token}\n`);
    expect((await moola(list, { env: { ...env, MOOLA_TOKEN_FILE: join(folder, 'token') } })).exitCode).toBe(0);
    expect(await moola(list, { env: { ...env, MOOLA_TOKEN_FILE: '/not/there' } })).toEqual({
      ...{ exitCode: 2, stdout: '' },
      stderr: 'moola: MOOLA_TOKEN_FILE: cannot read /not/there: there is no such file\n',
    });
  });

  it.each([
    [200, '<html>', 'is no Moola server'],
    [404, 'not here', 'is no Moola server (it answers 404)'],
    [404, '{"error": "not here"}', 'is no Moola server (it answers 404)'],
  ])('that answers %d with %p is somebody else’s', async (status, body, problem) => {
    const url = await answering(status, body);
    expect((await moola([...list, '--server', url])).stderr).toBe(`moola: what answers at ${url} ${problem}\n`);
  });

  it('that fails is told apart from a wrong request', async () => {
    const failing = await answering(500, '{"statusCode": 500, "message": "Internal server error"}');
    expect((await moola([...list, '--server', failing])).stderr).toBe(
      `moola: the server at ${failing} failed: Internal server error (500; its log says more)\n`,
    );
  });

  it('tells every problem of definitions in a line of its own', async () => {
    const problem = { file: 'a.yaml', line: 3, document: 1, subject: 'Model M', path: 'bucket', detail: 'is missing' };
    const url = await answering(400, JSON.stringify({ statusCode: 400, message: [problem, 'and another'] }));
    expect((await moola([...list, '--server', url])).stderr).toBe(
      'moola: a.yaml:3: document 1 (Model M): bucket: is missing\nand another\n',
    );
  });

  it.each(['localhost', 'ftp://localhost', 'http://'])('is not looked for at %s', async (address) => {
    const asked = await moola([...list, '--server', address]);
    expect(asked).toEqual({
      ...{ exitCode: 2, stdout: '' },
      stderr: `moola: option '--server <url>' argument '${address}' is invalid. It is no address: try http://127.0.0.1:8080. Add --help to see what there is.\n`,
    });
    const set = await moola(list, { env: { MOOLA_SERVER: address } });
    expect(set).toEqual({
      ...{ exitCode: 2, stdout: '' },
      stderr: `moola: MOOLA_SERVER: "${address}" is no address: try http://127.0.0.1:8080\n`,
    });
  });
});
