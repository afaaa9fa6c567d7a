import { describe, expect, it } from '@jest/globals';
import { helmMajors } from '@moola/testbed/helm-program';
import { chartFolder } from './chart.js';
import { helm } from './helm.js';

describe('helm lint', () => {
  it.each(helmMajors)('of Helm %s has nothing to say against the chart', async (major) => {
    const set = ['kafka.brokers={kafka:9092}', 'secrets.existing=moola', 'image.registry=registry.example'];
    const values = set.flatMap((each) => ['--set', each]);
    const { code, stdout } = await helm(major, [
      'lint',
      chartFolder,
      ...values,
      '--strict',
      '--kube-version',
      '1.34.0',
    ]);
    expect([code, stdout.match(/\[(WARNING|ERROR)\].*/g)]).toEqual([0, null]);
  });
});
