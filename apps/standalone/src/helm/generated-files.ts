import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { installationTopicSettings, topicSettings } from '@moola/platform/topics/topic-settings';
import { withDefaults } from '@moola/streams/adapters/kafka/kafka-settings';
import { topicConfiguration } from '@moola/streams/adapters/kafka/topics/topic-configuration';
import { stringify } from 'yaml';
import { kafkaAccessPage } from '../kafka-access/kafka-access-page.js';
import { repository } from './chart.js';
import { chartReadme } from './chart-readme.js';
import { valuesPage } from './values-page.js';

/** Folders of the chart that hold copies, for Helm reads nothing outside of a chart; and of what. */
export const copies = [
  { from: 'deploy/prometheus/rules', to: 'helm/moola-monitoring/files/rules', ending: '.yml' },
  { from: 'deploy/grafana/dashboards', to: 'helm/moola-monitoring/files/dashboards', ending: '.json' },
] as const;

/** Files that follow from others, by path in the repository. `node tools/docs/helm.mjs` writes them. */
export function generatedFiles(): ReadonlyMap<string, string> {
  const files = new Map<string, string>();
  for (const { from, to, ending } of copies) {
    for (const name of namesIn(from, ending)) {
      files.set(`${to}/${name}`, readFileSync(join(repository, from, name), 'utf8'));
    }
  }
  files.set('helm/moola-monitoring/files/topics.yaml', topicsFile());
  files.set('helm/moola-monitoring/files/installation-topics.yaml', installationTopicsFile());
  files.set('helm/moola-monitoring/README.md', chartReadme());
  files.set('docs/helm-values.md', valuesPage());
  files.set('docs/kafka-access.md', kafkaAccessPage());
  return files;
}

/** Copies that lie in the chart and whose originals are gone. */
export function leftOver(): string[] {
  return copies.flatMap(({ from, to, ending }) => {
    const originals = new Set(namesIn(from, ending));
    return namesIn(to, ending)
      .filter((name) => !originals.has(name))
      .map((name) => `${to}/${name}`);
  });
}

function namesIn(folder: string, ending: string): string[] {
  const path = join(repository, folder);
  if (!existsSync(path)) return [];
  return readdirSync(path)
    .filter((name) => name.endsWith(ending) && !name.endsWith(`.test${ending}`))
    .sort();
}

const { compression, maxMessageBytes } = withDefaults({ brokers: ['any:9092'] });
const rules = { replication: 3, compression, maxMessageBytes };

const generated = (topics: readonly object[]): string =>
  '# Generated from libs/platform/src/topics by `node tools/docs/helm.mjs`. Do not edit.\n' +
  stringify(topics, { defaultStringType: 'QUOTE_SINGLE', defaultKeyType: 'PLAIN' });

/** The topics that there are once, for Strimzi. */
function installationTopicsFile(): string {
  const prefix = 'moola.';
  return generated(
    installationTopicSettings().map((topic) => ({
      name: topic.name.slice(prefix.length, -'.v1'.length),
      config: topicConfiguration(topic, rules),
    })),
  );
}

/** The topics of an environment as the services make them, for Strimzi. */
function topicsFile(): string {
  const prefix = 'moola.live.';
  const partitions = 1000;
  const replays = topicSettings('live', partitions, 'replay');
  const topics = topicSettings('live', partitions, 'wall').map((topic, index) => ({
    name: topic.name.slice(prefix.length, -'.v1'.length),
    partitions: topic.partitions === partitions ? 'by model' : 'one',
    live: topicConfiguration(topic, rules),
    replay: topicConfiguration(replays[index] ?? topic, rules),
  }));
  return generated(topics);
}
