import { connect } from 'node:net';
import { describe, expect, it } from '@jest/globals';
import { sharedKafka, sharedRedis } from './shared.js';

describe('the shared servers', () => {
  it('are the same for all who ask, and serve', async () => {
    const [brokers, url] = await Promise.all([sharedKafka(), sharedRedis()]);
    expect(await sharedKafka()).toBe(brokers);
    expect(await sharedRedis()).toBe(url);
    const { hostname, port } = new URL(url);
    const socket = connect(Number(port), hostname);
    socket.write('PING\r\n');
    const answer = await new Promise<Buffer>((resolve) => socket.once('data', resolve));
    socket.destroy();
    expect(answer.toString()).toBe('+PONG\r\n');
  });
});
