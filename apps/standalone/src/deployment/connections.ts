import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { readChannels } from '@moola/notifier/send/channel-settings';
import { createLogger } from '@moola/platform/logging/logger';
import { openStreams } from '@moola/platform/service/open-streams';
import { readServiceSettings } from '@moola/platform/service/read-service-settings';
import type { Variables } from '@moola/platform/service/service';
import { withSecretsFolder } from '@moola/platform/settings/secrets-folder';
import { readSettingFile } from '@moola/platform/settings/settings-file';
import { topicSettings } from '@moola/platform/topics/topic-settings';
import { LeftOut } from './steps.js';
import type { Task } from './target.js';

/**
 * Settings of the services in these variables.
 * @throws Error with every problem, a line each
 */
export function settingsIn(variables: Variables) {
  const read = readServiceSettings({ settings: {}, otherVariables: /./ }, variables, readSettingFile);
  if (!read.ok) throw new Error(read.problems.join('\n'));
  return read.settings;
}

/** Kafka and Redis answer, and topics that exist are as they must be. */
export function streamsTask(variables: () => Variables | LeftOut): Task {
  return {
    title: 'Kafka, Redis and the topics',
    async run() {
      const given = variables();
      if (given instanceof LeftOut) return given;
      const settings = settingsIn(given);
      await expectBroker(settings.kafkaBrokers ?? []);
      const streams = await openStreams(settings, 'moola-validate', createLogger('silent', 'validate'));
      try {
        const topics = settings.environments.flatMap(({ name, time }) =>
          topicSettings(name, settings.partitions, time, settings.telemetryPartitions),
        );
        // Clients wait for a Kafka that does not answer; people do not.
        const problems = await within(streams.checkTopics(topics), 'Kafka was reached, and did not answer within 60 s');
        const missing = problems.filter((problem) => / is missing: /.test(problem));
        const wrong = settings.createTopics ? problems.filter((problem) => !missing.includes(problem)) : problems;
        if (wrong.length > 0) throw new Error(wrong.join('\n'));
        const made = missing.length > 0 ? `, ${missing.length} of which the first start makes` : '';
        return `${topics.length} topics${made}`;
      } finally {
        await streams.close();
      }
    },
  };
}

/** @throws Error when no broker can be connected to */
async function expectBroker(brokers: readonly string[]): Promise<void> {
  const failures: string[] = [];
  for (const broker of brokers) {
    const failure = await connectionFailure(new URL(`kafka://${broker}`));
    if (failure === null) return;
    failures.push(`${broker}: ${failure}`);
  }
  throw new Error(`Kafka cannot be reached: ${failures.join('; ')}. Check that it runs and MOOLA_KAFKA_BROKERS`);
}

async function within<T>(work: Promise<T>, problem: string): Promise<T> {
  const end = new AbortController();
  const tooLate = delay(60_000, undefined, { signal: end.signal }).then(() => {
    throw new Error(problem);
  });
  tooLate.catch(() => undefined);
  try {
    return await Promise.race([work, tooLate]);
  } finally {
    end.abort();
  }
}

/** A Prometheus answers that it is ready. */
export function prometheusTask(address: () => string | LeftOut): Task {
  return {
    title: 'Prometheus',
    async run() {
      const url = address();
      if (url instanceof LeftOut) return url;
      const answer = await fetch(`${url.replace(/\/$/, '')}/-/ready`, { signal: AbortSignal.timeout(5_000) }).catch(
        (error: Error) => {
          throw new Error(`no answer from ${url}: ${((error.cause ?? error) as Error).message}`);
        },
      );
      if (!answer.ok) throw new Error(`${url} is not ready: it answers ${answer.status}`);
      return `ready at ${url}`;
    },
  };
}

/** Settings of the channels are right, and a connection to each can be made. Nothing is sent. */
export function channelsTask(environment: Variables): Task {
  return {
    title: 'Notification channels',
    async run() {
      const given = withSecretsFolder(environment);
      if (!given.ok) throw new Error(given.problems.join('\n'));
      const { variables } = given;
      const read = readChannels({ environment: variables, readFile: readSettingFile });
      if (!read.ok) throw new Error(read.problems.join('\n'));
      const addresses = Object.entries(variables).flatMap(([name, value]) => {
        const match = /^(MOOLA_CHANNEL_\w+_(?:SLACK|WEBHOOK|PAGERDUTY|EMAIL_SMTP)_(?:URL|ROUTING_KEY))(_FILE)?$/.exec(
          name,
        );
        if (match === null || value === undefined) return [];
        const isKey = name.includes('_ROUTING_KEY');
        if (isKey && variables[name.replace(/ROUTING_KEY.*/, 'URL')] !== undefined) return [];
        const text = isKey ? 'https://events.pagerduty.com' : match[2] ? readFileSync(value, 'utf8').trim() : value;
        return [{ name: match[1] as string, url: new URL(text) }];
      });
      if (addresses.length === 0)
        return new LeftOut(
          'none is configured here: notifications are printed. docs/notifications.md says how to configure one',
        );
      const failures: string[] = [];
      for (const { name, url } of addresses) {
        const failure = await connectionFailure(url);
        if (failure !== null) failures.push(`${name}: no connection to ${url.host}: ${failure}`);
      }
      if (failures.length > 0) throw new Error(failures.join('\n'));
      return addresses.map(({ url }) => url.host).join(', ');
    },
  };
}

const defaultPorts: Readonly<Record<string, number>> = {
  'http:': 80,
  'https:': 443,
  'kafka:': 9092,
  'smtp:': 587,
  'smtps:': 465,
};

function connectionFailure({ hostname, port, protocol }: URL): Promise<string | null> {
  return new Promise((resolve) => {
    const at = { host: hostname.replace(/^\[|\]$/g, ''), port: Number(port || defaultPorts[protocol]), timeout: 5_000 };
    const socket = connect(at);
    const end = (failure: string | null): void => {
      socket.destroy();
      resolve(failure);
    };
    socket.once('connect', () => end(null));
    socket.once('error', (error) => end(error.message));
    socket.once('timeout', () => end('no answer within 5 s'));
  });
}
