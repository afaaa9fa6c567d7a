import { describe, expect, it } from '@jest/globals';
import { setTimeout as delay } from 'node:timers/promises';
import { eventually } from '@moola/streams/testing/eventually';
import { Probe } from './probe.js';

describe('a probe', () => {
  it('says that a server has not answered yet, that it is there, what is wrong with it, and that it has gone', async () => {
    let ask: () => Promise<string | null> = () => Promise.reject(new Error('connect ECONNREFUSED 10.0.0.1:9092'));
    const probe = new Probe({ name: 'Kafka', ask: () => ask(), everyMs: 5, lateMs: 150 });
    const stop = new AbortController();
    const running = probe.run(stop.signal);
    expect(probe.reason()).toBe('Kafka has not answered yet');
    await eventually('it has asked', () => probe.reason()?.includes('ECONNREFUSED') === true);
    ask = async () => null;
    await eventually('it is there', () => probe.isUp);
    ask = async () => 'no broker leads moola.live.intake.v1/0';
    await eventually('it says what is wrong', () => probe.reason() === 'no broker leads moola.live.intake.v1/0');
    ask = async () => null;
    await eventually('it is well again', () => probe.isUp);
    // One answer that does not come is no outage.
    ask = () => Promise.reject(new Error('closed'));
    await delay(20);
    ask = async () => null;
    expect(probe.silenceSeconds).toBeLessThan(60);
    await eventually('it is there still', () => probe.isUp);
    // A server that is frozen answers nothing, not even with an error.
    ask = () => new Promise(() => undefined);
    await eventually('it has gone', () => /^Kafka has not answered for \d+ s/.test(probe.reason() ?? ''));
    stop.abort();
    void running;
  });
});
