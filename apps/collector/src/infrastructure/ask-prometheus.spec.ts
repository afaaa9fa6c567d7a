import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import { temporaryFolder } from '@moola/streams/adapters/embedded/temporary-folder';
import { askPrometheus, type Asked } from './ask-prometheus.js';
import type { PrometheusServer } from './prometheus-servers.js';
import { PrometheusPeer, vectorAt, type PeerAnswer } from './story/prometheus-peer.js';

const query = { promql: 'up{a="&+b"}', atMs: 1_700_000_000_250, timeoutMs: 10_000 };
let peer: PrometheusPeer | undefined;
afterEach(() => peer?.close());

async function asked(
  answer: PeerAnswer,
  server: Partial<PrometheusServer> = {},
  signal = new AbortController().signal,
): Promise<Asked> {
  peer = await PrometheusPeer.start(() => answer);
  return askPrometheus({ url: new URL(peer.url), authorization: null, ca: null, ...server }, query, signal);
}

describe('asking a Prometheus', () => {
  it('posts the query, for one instant, with its limits', async () => {
    peer = await PrometheusPeer.start(({ form }) => vectorAt(form.get('time'), { a: 0.5 }));
    const url = new URL(`${peer.url}/behind/a/proxy/`);
    const answer = await askPrometheus(
      { url, authorization: 'Bearer secret', ca: null },
      query,
      new AbortController().signal,
    );
    expect(answer).toMatchObject({ ok: true, series: [{ labels: { instance: 'a' }, timeMs: query.atMs, value: 0.5 }] });
    const [{ method, path, headers, form } = fail()] = peer.questions;
    expect([method, path, headers.authorization]).toEqual(['POST', '/behind/a/proxy/api/v1/query', 'Bearer secret']);
    expect(Object.fromEntries(form)).toEqual({
      ...{ query: query.promql, time: '1700000000.250', timeout: '10000ms', limit: '2001' },
    });
  });

  it.each<[PeerAnswer, RegExp]>([
    [
      { status: 400, body: '{"errorType":"bad_data","error":"1:3: parse error"}' },
      /^refuses the query \(HTTP 400: bad_data: 1:3: parse error\)$/,
    ],
    [{ status: 422, body: '<html>' }, /^refuses the query \(HTTP 422\)$/],
    [{ body: '{"status":"success","data":{"resultType":"scalar","result":[1,"1"]}}' }, /^answers a scalar/],
    ['flood', /^answers more than 4 MiB: aggregate by instance$/],
  ])('%j is a problem of the query', async (answer, problem) => {
    expect(await asked(answer)).toEqual({ ok: false, problem: expect.stringMatching(problem) });
  });

  it.each<[PeerAnswer, RegExp]>([
    [{ status: 401, body: 'who are you' }, /^refuses the credentials of the collector \(HTTP 401\)$/],
    [{ status: 403, body: '' }, /^refuses the credentials/],
    [{ status: 404, body: '' }, /^has no query API there \(HTTP 404\): is the URL/],
    [{ status: 429, body: '' }, /^answers HTTP 429$/],
    [{ status: 500, body: '{"errorType":"internal","error":"disk"}' }, /^answers HTTP 500: internal: disk$/],
    [{ status: 503, body: 'x'.repeat(10_000) }, /^answers HTTP 503$/],
    [
      { status: 302, headers: { location: 'http://169.254.169.254/latest?token=s3cret' }, body: '' },
      /^redirects to 169\.254\.169\.254 \(HTTP 302\), which is not followed/,
    ],
    [
      { status: 308, headers: { location: '/login?next=s3cret' }, body: '' },
      /^redirects to another address \(HTTP 308\)/,
    ],
    ['close', /^cannot be asked: ECONNRESET$/],
    ['half', /^cannot be asked: /],
    ['garbage', /^cannot be asked: HPE_/],
  ])('%j is a problem of the server', async (answer, problem) => {
    expect(await asked(answer)).toEqual({ ok: false, isAway: true, problem: expect.stringMatching(problem) });
    expect(peer?.questions).toHaveLength(1);
  });

  it('gives up a server that hangs', async () => {
    const stop = new AbortController();
    peer = await PrometheusPeer.start(() => {
      setImmediate(() => stop.abort());
      return 'hang';
    });
    const server = { url: new URL(peer.url), authorization: null, ca: null };
    expect(await askPrometheus(server, query, stop.signal)).toEqual({
      ok: false,
      isAway: true,
      problem: 'gives no answer in time',
    });
  });

  it('asks nobody where nobody listens', async () => {
    peer = await PrometheusPeer.start(() => 'close');
    const url = new URL(peer.url);
    await peer.close();
    peer = undefined;
    const answer = await askPrometheus({ url, authorization: null, ca: null }, query, new AbortController().signal);
    expect(answer).toMatchObject({ ok: false, isAway: true, problem: 'cannot be asked: ECONNREFUSED' });
  });

  it('trusts a certificate that it is told to trust, and no other', async () => {
    const folder = await temporaryFolder();
    const [key, cert] = [join(folder.path, 'key.pem'), join(folder.path, 'cert.pem')];
    const subject = ['-subj', '/CN=127.0.0.1', '-addext', 'subjectAltName=IP:127.0.0.1'];
    execFileSync(
      'openssl',
      [
        'req',
        '-x509',
        '-newkey',
        'ec',
        '-pkeyopt',
        'ec_paramgen_curve:prime256v1',
        '-nodes',
        '-days',
        '2',
        '-keyout',
        key,
        '-out',
        cert,
        ...subject,
      ],
      { stdio: 'ignore' },
    );
    const pem = readFileSync(cert, 'utf8');
    peer = await PrometheusPeer.start(({ form }) => vectorAt(form.get('time'), { a: 1 }), {
      key: readFileSync(key, 'utf8'),
      cert: pem,
    });
    const url = new URL(peer.url);
    const { signal } = new AbortController();
    expect(await askPrometheus({ url, authorization: null, ca: pem }, query, signal)).toMatchObject({ ok: true });
    expect(await askPrometheus({ url, authorization: null, ca: null }, query, signal)).toMatchObject({
      ...{
        ok: false,
        isAway: true,
        problem: expect.stringMatching(/^cannot be asked: .*(SELF_SIGNED|UNABLE_TO_VERIFY)/),
      },
    });
    await folder.remove();
  });
});

function fail(): never {
  throw new Error('nobody asked');
}
