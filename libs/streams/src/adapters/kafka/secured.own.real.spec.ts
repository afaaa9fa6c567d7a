import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startKafka, type KafkaServer } from '@moola/testbed/kafka';
import { bytesOf, keptForEver, textsOf, topicNames } from '../../ports/event-log.contract-values.js';
import type { KafkaSettings } from './kafka-settings.js';
import { openKafkaLog } from './open-kafka-log.js';

const password = 'correct horse';

/** A key store for the broker, and the certificate that clients have to trust, by the tool that comes with Java. */
function makeCertificate(folder: string): { store: string; certificate: string } {
  const store = join(folder, 'broker.p12');
  const common = ['-keystore', store, '-storepass', 'changeit', '-alias', 'broker'];
  const key = [
    '-genkeypair',
    '-keyalg',
    'EC',
    '-dname',
    'CN=localhost',
    '-ext',
    'SAN=IP:127.0.0.1',
    '-storetype',
    'PKCS12',
  ];
  execFileSync('keytool', [...key, ...common], { stdio: 'ignore' });
  const certificate = execFileSync('keytool', ['-exportcert', '-rfc', ...common], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  return { store, certificate: certificate.toString() };
}

describe('a Kafka that asks who one is', () => {
  let folder: string;
  let kafka: KafkaServer;
  let certificate: string;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'moola-tls-'));
    const made = makeCertificate(folder);
    certificate = made.certificate;
    const jaas = (module: string, rest = '') => `org.apache.kafka.common.security.${module} required ${rest};`;
    kafka = await startKafka({
      listeners: { SASL: 'SASL_PLAINTEXT', SECURE: 'SASL_SSL', TLS: 'SSL' },
      scram: [`SCRAM-SHA-256=[name=bob,password=${password}]`, `SCRAM-SHA-512=[name=carol,password=${password}]`],
      properties: {
        'sasl.enabled.mechanisms': 'PLAIN,SCRAM-SHA-256,SCRAM-SHA-512',
        ...Object.fromEntries(
          ['sasl', 'secure'].flatMap((listener) => [
            [
              `listener.name.${listener}.plain.sasl.jaas.config`,
              jaas('plain.PlainLoginModule', `user_alice="${password}"`),
            ],
            [`listener.name.${listener}.scram-sha-256.sasl.jaas.config`, jaas('scram.ScramLoginModule')],
            [`listener.name.${listener}.scram-sha-512.sasl.jaas.config`, jaas('scram.ScramLoginModule')],
          ]),
        ),
        'ssl.keystore.location': made.store,
        'ssl.keystore.type': 'PKCS12',
        'ssl.keystore.password': 'changeit',
        'ssl.key.password': 'changeit',
      },
    });
  }, 300_000);
  afterAll(async () => {
    await kafka.stop();
    rmSync(folder, { recursive: true });
  });

  /** Makes a topic, appends, reads, and works as a member of a group. */
  const works = async (settings: KafkaSettings) => {
    const log = openKafkaLog(settings);
    const topic = topicNames.next();
    try {
      await log.createTopics([keptForEver(topic, 1)]);
      await log.append({ topic, partition: 0 }, bytesOf('a', 'b'));
      const handled = new Promise<string[]>((resolve, reject) => {
        const member = { assigned: async () => 0, revoked: async () => undefined };
        const batch = async ({ records }: { records: Parameters<typeof textsOf>[0] }) => resolve(textsOf(records));
        log.join(`group-of-${topic}`, topic, { ...member, batch }).then(({ failed }) => failed.catch(reject), reject);
      });
      expect(await handled).toEqual(['a', 'b']);
    } finally {
      await log.close();
    }
  };

  it.each([
    ['plain', 'alice'],
    ['scram-sha-256', 'bob'],
    ['scram-sha-512', 'carol'],
  ] as const)('lets in by %s', async (mechanism, username) => {
    await works({ brokers: [kafka.listeners.SASL as string], sasl: { mechanism, username, password } });
  });

  it('lets in by TLS', async () => {
    await works({ brokers: [kafka.listeners.TLS as string], ssl: { ca: certificate } });
  });

  it('lets in by TLS and SCRAM', async () => {
    const sasl = { mechanism: 'scram-sha-512', username: 'carol', password } as const;
    await works({ brokers: [kafka.listeners.SECURE as string], ssl: { ca: certificate }, sasl });
  });

  it.each([
    ['plain', 'alice'],
    ['scram-sha-256', 'bob'],
  ] as const)('refuses a wrong password (%s) at once, and says so', async (mechanism, username) => {
    const sasl = { mechanism, username, password: 'wrong' };
    const log = openKafkaLog({ brokers: [kafka.listeners.SASL as string], sasl });
    await expect(log.partitionCount('any')).rejects.toThrow(/authentication/i);
    await log.close();
  });

  it('is not believed without its certificate', async () => {
    const log = openKafkaLog({ brokers: [kafka.listeners.TLS as string], ssl: {} });
    await expect(log.partitionCount('any')).rejects.toThrow(/certificate/i);
    await log.close();
  });
});
