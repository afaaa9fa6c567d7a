import { describe, expect, it } from '@jest/globals';
import { readPrometheusServers, serverId, urlVariableOf } from './prometheus-servers.js';

function read(environment: Readonly<Record<string, string>>, files: Readonly<Record<string, string>> = {}) {
  const readFile = (path: string): string => {
    const text = files[path];
    if (text === undefined) throw new Error('no such file');
    return text;
  };
  return readPrometheusServers({ environment, readFile });
}

function problems(environment: Readonly<Record<string, string>>): readonly string[] {
  const result = read(environment);
  return result.ok ? [] : result.problems;
}

describe('the Prometheus servers of the settings', () => {
  it('are read by name, with their credentials', () => {
    const result = read(
      {
        MOOLA_PROMETHEUS_MAIN_URL: 'http://prometheus.monitoring:9090',
        MOOLA_PROMETHEUS_IN_CLUSTER_URL: 'https://thanos.example.org/prefix',
        MOOLA_PROMETHEUS_IN_CLUSTER_TOKEN_FILE: '/run/token',
        MOOLA_PROMETHEUS_BASIC_URL: 'http://localhost:9090',
        MOOLA_PROMETHEUS_BASIC_USERNAME: 'moola',
        MOOLA_PROMETHEUS_BASIC_PASSWORD: 'open:sesame',
        MOOLA_PORT: '8080',
      },
      { '/run/token': 'abc\n' },
    );
    expect(result).toMatchObject({ ok: true });
    const servers = result.ok ? result.servers : new Map<string, never>();
    expect([...servers].map(([name, { url, authorization }]) => [name, url.href, authorization])).toEqual([
      ['BASIC', 'http://localhost:9090/', `Basic ${Buffer.from('moola:open:sesame').toString('base64')}`],
      ['IN_CLUSTER', 'https://thanos.example.org/prefix', 'Bearer abc'],
      ['MAIN', 'http://prometheus.monitoring:9090/', null],
    ]);
    expect([serverId('in-cluster'), serverId('In.Cluster')]).toEqual(['IN_CLUSTER', 'IN_CLUSTER']);
    expect(urlVariableOf('in-cluster')).toBe('MOOLA_PROMETHEUS_IN_CLUSTER_URL');
  });

  it('say all that is wrong with them at once, and show no secret', () => {
    expect(
      problems({
        MOOLA_PROMETHEUS_URL: 'http://a',
        MOOLA_PROMETHEUS_A_ULR: 'http://a',
        MOOLA_PROMETHEUS_B_TOKEN: 'hidden',
        MOOLA_PROMETHEUS_C_URL: 'prometheus:9090',
        MOOLA_PROMETHEUS_D_URL: 'http://hidden:hidden@d:9090',
        MOOLA_PROMETHEUS_E_URL: 'http://e:9090',
        MOOLA_PROMETHEUS_E_TOKEN: 'hidden',
        MOOLA_PROMETHEUS_F_URL: 'https://f',
        MOOLA_PROMETHEUS_F_TOKEN: 'hidden\nhidden',
        MOOLA_PROMETHEUS_G_URL: 'https://g',
        MOOLA_PROMETHEUS_G_TOKEN: 'hidden',
        MOOLA_PROMETHEUS_G_USERNAME: 'g',
        MOOLA_PROMETHEUS_G_PASSWORD: 'hidden',
        MOOLA_PROMETHEUS_H_URL: 'https://h/?query=up',
        MOOLA_PROMETHEUS_I_URL: 'https://i',
        MOOLA_PROMETHEUS_I_USERNAME: 'i',
        MOOLA_PROMETHEUS_I_CA: 'no certificate',
        MOOLA_PROMETHEUS_J_URL: 'https://j',
        MOOLA_PROMETHEUS_J_USERNAME: 'j',
      }),
    ).toEqual([
      'MOOLA_PROMETHEUS_A_ULR: is no setting of a Prometheus (MOOLA_PROMETHEUS_<NAME>_ and one of URL, TOKEN, USERNAME, PASSWORD, CA)',
      'MOOLA_PROMETHEUS_B_URL: the value is missing',
      'MOOLA_PROMETHEUS_C_URL: the value must begin with https:// or http://',
      'MOOLA_PROMETHEUS_D_URL: the value must hold no credentials: set _USERNAME and _PASSWORD',
      'MOOLA_PROMETHEUS_E_URL: "http:" would send the credentials in clear: use https',
      'MOOLA_PROMETHEUS_F_TOKEN: the value must be printable ASCII without spaces',
      'MOOLA_PROMETHEUS_G_TOKEN: stands beside USERNAME: set one of them',
      'MOOLA_PROMETHEUS_H_URL: the value must end before ? and #',
      'MOOLA_PROMETHEUS_I_CA: "no certificate" is no certificate in PEM',
      'MOOLA_PROMETHEUS_J_PASSWORD: USERNAME and PASSWORD go together: set both',
    ]);
  });
});
