import { cpSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { checkerProgram } from '@moola/testbed/checkers';
import { freePorts } from '@moola/testbed/free-ports';
import { guardedFolder } from '@moola/testbed/guard';
import { ServerProcess } from '@moola/testbed/server-process';
import { stringify } from 'yaml';

const rules = fileURLToPath(new URL('../../../../deploy/prometheus/rules/', import.meta.url));

export interface ScrapeJob {
  readonly job: string;
  readonly path: string;
  /** `127.0.0.1:8080` */
  readonly target: string;
}

/** A result of a query: a series. */
export interface Series {
  readonly metric: Readonly<Record<string, string>>;
  /** Seconds since the epoch, and the value as text. */
  readonly values: readonly (readonly [number, string])[];
}

interface Answer<T> {
  readonly status: 'success' | 'error';
  readonly data: T;
  readonly error?: string;
}

/** A real Prometheus with the rules that are deployed, which scrapes each second. */
export class Prometheus {
  private constructor(
    readonly url: string,
    private readonly end: () => Promise<void>,
  ) {}

  /** @throws MissingPart when it cannot be had on this machine */
  static async start(jobs: readonly ScrapeJob[]): Promise<Prometheus> {
    // Of the same package.
    await checkerProgram('promtool');
    const [port] = (await freePorts(1)) as [number];
    const folder = guardedFolder('prometheus');
    cpSync(rules, join(folder.path, 'rules'), { recursive: true });
    const file = join(folder.path, 'prometheus.yml');
    writeFileSync(
      file,
      stringify({
        global: { scrape_interval: '1s', scrape_timeout: '1s', evaluation_interval: '1s' },
        rule_files: ['rules/*.yml'],
        scrape_configs: jobs.map(({ job, path, target }) => ({
          ...{ job_name: job, metrics_path: path, static_configs: [{ targets: [target] }] },
        })),
      }),
    );
    const server = new ServerProcess({
      ...{ name: 'Prometheus', program: 'prometheus', folder: folder.path, ready: /ready to receive web requests/ },
      args: [
        `--config.file=${file}`,
        `--storage.tsdb.path=${join(folder.path, 'data')}`,
        `--web.listen-address=127.0.0.1:${port}`,
      ],
    });
    const end = async (): Promise<void> => {
      await server.end('SIGKILL');
      await folder.remove();
    };
    try {
      await server.start();
    } catch (error) {
      await end();
      throw error;
    }
    return new Prometheus(`http://127.0.0.1:${port}`, end);
  }

  stop(): Promise<void> {
    return this.end();
  }
}

/** The HTTP API of a Prometheus. @param url where it is */
export class PrometheusApi {
  constructor(private readonly url: string) {}

  /** What an expression is now. @throws what Prometheus says is wrong */
  async now(expr: string): Promise<Series[]> {
    const { result } = await this.ask<{
      result: { metric: Record<string, string>; value: [number, string] }[];
    }>('query', { query: expr });
    return result.map(({ metric, value }) => ({ metric, values: [value] }));
  }

  /** How an expression went, in steps. @throws what Prometheus says is wrong */
  async course(expr: string, fromSeconds: number, toSeconds: number, stepSeconds: number): Promise<Series[]> {
    const range = { start: String(fromSeconds), end: String(toSeconds), step: String(stepSeconds) };
    const { result } = await this.ask<{
      result: { metric: Record<string, string>; values: [number, string][] }[];
    }>('query_range', { query: expr, ...range });
    return result;
  }

  /** The values of a label of the series that a selector matches. */
  labelValues(label: string, selector: string): Promise<string[]> {
    return this.ask(`label/${label}/values`, { 'match[]': selector });
  }

  /** The names of the families of a target's metrics, as it has said them. */
  async families(job: string): Promise<string[]> {
    const found = await this.ask<readonly { readonly metric: string }[]>('targets/metadata', {
      match_target: `{job="${job}"}`,
    });
    return found.map(({ metric }) => metric);
  }

  async rules(): Promise<{ name: string; health: string; lastError?: string; type: string; state?: string }[]> {
    const { groups } = await this.ask<{ groups: { rules: Awaited<ReturnType<PrometheusApi['rules']>> }[] }>(
      'rules',
      {},
    );
    return groups.flatMap((group) => group.rules);
  }

  private async ask<T>(path: string, parameters: Readonly<Record<string, string>>): Promise<T> {
    const answer = await fetch(`${this.url}/api/v1/${path}?${new URLSearchParams(parameters).toString()}`);
    const body = (await answer.json()) as Answer<T>;
    if (body.status !== 'success') throw new Error(`${parameters['query'] ?? path}: ${body.error}`);
    return body.data;
  }
}
