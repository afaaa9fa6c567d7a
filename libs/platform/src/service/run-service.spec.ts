import { describe, expect, it } from '@jest/globals';
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../../../', import.meta.url));

/** A service of which a part has stopped, and another never lets go. Kafka and Redis are not there either. */
const script = `
  import { runService } from '@moola/platform/service/run-service';
  setInterval(() => undefined, 1000);
  await runService(
    {
      name: 'broken', text: 'stops', settings: {}, streams: () => [],
      async parts() {
        return {
          routes: [(fastify) => fastify.addHook('onClose', () => new Promise(() => undefined))],
          running: [new Promise((_, reject) => setTimeout(() => reject(new Error('out of luck')), 100))],
        };
      },
    },
    { endWithinMs: 300 },
  );
`;

describe('a service', () => {
  it('ends within the stated time after a part has stopped for good, whatever does not let go', async () => {
    const env = {
      ...process.env,
      ...{ NODE_OPTIONS: '', MOOLA_MODE: 'distributed', MOOLA_KAFKA_BROKERS: '127.0.0.1:1', MOOLA_PORT: '0' },
      ...{ REDIS_URL: 'redis://127.0.0.1:1', MOOLA_INSTALLATION_KEY: Buffer.alloc(32, 1).toString('base64') },
    };
    const child = spawn(process.execPath, ['--input-type=module', '-e', script], { cwd: root, env });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (text: Buffer) => (output += String(text)));
    const code = await new Promise((resolve) => child.on('exit', resolve));
    expect(output).toContain('out of luck');
    expect(output).toContain('did not end within 0.3 s');
    expect(code).toBe(1);
  });
});
