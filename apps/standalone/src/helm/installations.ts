import { valuesFile } from './chart.js';
import { trialSecrets, type RenderOptions } from './helm.js';

/** The Secrets that values/small.yaml expects, made by the chart instead. */
const smallSecrets = { secrets: { existing: '', create: trialSecrets } };

const brokers = ['kafka-1:9092', 'kafka-2:9094'];
/** As little as an installation needs. */
export const trial = {
  image: { registry: 'registry.example' },
  ...{ kafka: { brokers }, secrets: { create: trialSecrets } },
};
/** Everything that can be switched on. */
export const everything = {
  ...trial,
  secrets: {
    create: {
      ...trialSecrets,
      'kafka-password': 'scram',
      'registry-token': 'registry',
      'anonymisation-key': 'k'.repeat(16),
    },
  },
  kafka: {
    brokers,
    sasl: { mechanism: 'scram-sha-512', username: 'moola' },
    tls: { enabled: true },
    topics: { madeBy: 'strimzi', strimzi: { cluster: 'events' } },
  },
  registry: { url: 'http://mlflow.ml:5000', token: true },
  traces: { endpoint: 'https://otel.example:4318' },
  publicUrl: 'https://moola.example.com',
  anonymise: true,
  channels: { create: { MOOLA_CHANNEL_TEAM_SLACK_URL: 'https://hooks.slack.example/T/B/x' } },
  prometheusServers: { create: { MOOLA_PROMETHEUS_MAIN_URL: 'http://prometheus.monitoring:9091' } },
  definitions: {
    files: { 'models.yaml': [{ kind: 'Model', name: 'churn' }] },
    existing: { configMap: 'more', keys: ['rules.yaml'] },
  },
  settings: { MOOLA_MAXIMUM_BODY: 67_108_864, MOOLA_LOG_LEVEL: 'warn' },
  services: { tracker: { settings: { MOOLA_LOG_LEVEL: 'debug' } } },
  ingress: { enabled: true, hosts: ['moola.example.com'] },
  httpRoute: { enabled: true, hosts: ['moola.example.com'], parentRefs: [{ name: 'public' }] },
  monitoring: {
    serviceMonitor: { enabled: true, labels: { release: 'prometheus' } },
    prometheusRule: { enabled: true },
    dashboards: { enabled: true },
  },
};

/** Installations of every kind: what holds for all of them is tested on all of them. */
export const installations: Readonly<Record<string, RenderOptions>> = {
  'as little as possible': { values: trial },
  'values/small.yaml': { files: [valuesFile('small')], values: smallSecrets },
  'values/openshift.yaml over small.yaml': {
    files: [valuesFile('small'), valuesFile('openshift')],
    values: smallSecrets,
  },
  'values/openshift.yaml': { files: [valuesFile('openshift')], values: everything },
  'values/production.yaml': {
    files: [valuesFile('production')],
    values: {
      secrets: {
        existing: '',
        create: { ...trialSecrets, 'kafka-password': 'x', 'kafka-ca': '-----BEGIN CERTIFICATE-----' },
      },
      channels: { existing: '' },
    },
  },
  'values/ha.yaml': {
    files: [valuesFile('production'), valuesFile('ha')],
    values: {
      secrets: {
        existing: '',
        create: {
          ...trialSecrets,
          'redis-password': 'x',
          'kafka-password': 'x',
          'kafka-ca': '-----BEGIN CERTIFICATE-----',
        },
      },
      channels: { existing: '' },
    },
  },
  hpa: { values: { ...trial, autoscaling: { mode: 'hpa' } } },
  'everything, keda': { values: { ...everything, autoscaling: { mode: 'keda' } } },
  'everything, standalone': { values: { ...everything, mode: 'standalone' } },
};
