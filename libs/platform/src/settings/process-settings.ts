import { z } from 'zod';
import { onOff } from './on-off.js';
import type { Settings } from './settings.js';

const integer = (least: number, most: number) =>
  z
    .string()
    .regex(/^\d+$/, 'is no whole number')
    .transform(Number)
    .refine((value) => value >= least && value <= most, `must be from ${least} to ${most}`);
const text = z.string();
const optionalText = z.string().optional();
const names = z
  .string()
  .transform((value) => value.split(',').map((each) => each.trim()))
  .transform((parts) => parts.filter((part) => part !== ''));

/** What every process of Moola reads from its environment. */
export const processSettings = {
  dataFolder: { variable: 'MOOLA_DATA', schema: text, default: 'data', text: 'Folder of the embedded log and store.' },
  host: {
    variable: 'MOOLA_HOST',
    schema: text,
    default: '127.0.0.1',
    text: 'Address to listen on. Any other than a loopback address needs `MOOLA_TOKEN`.',
  },
  port: {
    variable: 'MOOLA_PORT',
    schema: integer(0, 65535),
    default: '8080',
    text: 'Port of the page, the read API and ingestion; 0 takes a free one.',
  },
  token: {
    variable: 'MOOLA_TOKEN',
    schema: z.string().min(16, 'must have at least 16 characters').optional(),
    text: 'Bearer token with the role admin; set, every request must carry it or an API token that it has made (`moola tokens create`). Optional on a loopback address.',
    secret: true,
  },
  publicUrl: {
    variable: 'MOOLA_PUBLIC_URL',
    schema: z.url({ protocol: /^https?$/, message: 'is no http:// or https:// address' }).optional(),
    text: 'The address at which browsers reach the console, such as `https://moola.example.com`: for links in messages, and allowed as a host.',
  },
  allowedHosts: {
    variable: 'MOOLA_ALLOWED_HOSTS',
    schema: names,
    default: '',
    text: 'More host names by which this process may be asked, several with commas. Allowed without it: addresses, `localhost`, `MOOLA_HOST`, the host of `MOOLA_PUBLIC_URL`. `*` allows every name, and gives up the protection against DNS rebinding.',
  },
  requestTimeoutMs: {
    variable: 'MOOLA_REQUEST_TIMEOUT_MS',
    schema: integer(100, 3_600_000),
    default: '60000',
    unit: 'ms',
    text: 'A request that has not arrived whole by then is answered 408.',
  },
  maximumListeners: {
    variable: 'MOOLA_MAXIMUM_LISTENERS',
    schema: integer(1, 100_000),
    default: '200',
    text: 'Clients that may follow changes at once (`GET /api/v1/changes`: each open page is one); beyond, it answers 503.',
  },
  maximumVersionsInMetrics: {
    variable: 'MOOLA_MAXIMUM_VERSIONS_IN_METRICS',
    schema: integer(0, 100_000),
    default: '500',
    text: 'Versions of models whose figures `GET /metrics/models` of the console has; further ones are only counted there.',
  },
  history: {
    variable: 'MOOLA_HISTORY',
    schema: onOff,
    default: 'on',
    text: 'Whether the console keeps a history: figures for two years, incidents, alerts, deployments, money (`docs/history.md`).',
  },
  historyFolder: {
    variable: 'MOOLA_HISTORY_FOLDER',
    schema: optionalText,
    text: 'Where its files lie, one an environment, read and written by one process. Default: `history` in the folder `MOOLA_DATA`; in mode distributed there is none, and without it no history.',
  },
  historyMemoryMib: {
    variable: 'MOOLA_HISTORY_MEMORY_MIB',
    schema: integer(64, 65_536),
    default: '128',
    unit: 'MiB',
    text: 'Memory that the history of an environment may take for a query; what needs more goes to disk.',
  },
  historyMaximumBytes: {
    variable: 'MOOLA_HISTORY_MAXIMUM_BYTES',
    schema: integer(16 * 1024 * 1024, Number.MAX_SAFE_INTEGER),
    default: String(20 * 1024 * 1024 * 1024),
    unit: 'bytes',
    text: 'Above it the oldest rows of the history of an environment are forgotten before their time.',
  },
  logLevel: {
    variable: 'MOOLA_LOG_LEVEL',
    schema: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'silent'], 'is no level (trace … silent)'),
    default: 'info',
    text: 'Least level that is logged.',
  },
  partitions: {
    variable: 'MOOLA_PARTITIONS',
    schema: integer(1, 1024),
    default: '1',
    text: 'Partitions of the topics keyed by model. Fixed once the data folder exists.',
  },
  tickMs: {
    variable: 'MOOLA_TICK_MS',
    schema: integer(10, 60_000),
    default: '100',
    unit: 'ms',
    text: 'How often time is written as a record while events arrive (once a second while none do).',
  },
  maximumBodyBytes: {
    variable: 'MOOLA_MAXIMUM_BODY',
    schema: integer(1024, 1 << 30),
    default: String(16 * 1024 * 1024),
    unit: 'bytes',
    text: 'Largest body that `POST /v1/events` takes.',
  },
  maximumUndeclaredModels: {
    variable: 'MOOLA_MAXIMUM_UNDECLARED_MODELS',
    schema: integer(0, 1_000_000),
    default: '1000',
    text: 'Models that nobody declared of which `POST /v1/events` takes events, and `telemetry` for each partition of `intake`; those of one more are refused. Declared models are not counted.',
  },
  anonymisationKey: {
    variable: 'MOOLA_ANONYMISATION_KEY',
    schema: z.string().min(16, 'must have at least 16 characters').optional(),
    text: 'Input ids are replaced by a hash with this key before they are stored. It must not change within the label horizon.',
    secret: true,
  },
  installationKey: {
    variable: 'MOOLA_INSTALLATION_KEY',
    schema: text.optional(),
    text: 'Seals the original bytes of dead letters: 32 bytes as base64. Without it the data folder holds one.',
    secret: true,
  },
  maximumBytesInFlight: {
    variable: 'MOOLA_MAXIMUM_BYTES_IN_FLIGHT',
    schema: integer(1024, 1 << 30),
    default: String(64 * 1024 * 1024),
    unit: 'bytes',
    text: 'Bodies that `POST /v1/events` works on at once; beyond, it answers 429.',
  },
  registryUrl: {
    variable: 'MOOLA_REGISTRY_URL',
    schema: z.url('is no URL').optional(),
    text: 'An MLflow server whose aliases rollbacks move. Without it one process uses the embedded registry; in mode distributed every rollback fails.',
  },
  registryToken: {
    variable: 'MOOLA_REGISTRY_TOKEN',
    schema: text.optional(),
    text: 'Bearer token for the registry.',
    secret: true,
  },
  expireAfterMs: {
    variable: 'MOOLA_EXPIRE_AFTER_MS',
    schema: integer(1000, 24 * 3_600_000),
    default: String(15 * 60_000),
    unit: 'ms',
    text: 'A live action or notice that comes later than this is answered `expired` instead of being carried out.',
  },
  traceEndpoint: {
    variable: 'OTEL_EXPORTER_OTLP_ENDPOINT',
    schema: optionalText,
    text: 'Switches OpenTelemetry traces on and says where they go.',
  },
} as const;

export type ProcessSettings = Settings<typeof processSettings>;
