import { describe, expect, it } from '@jest/globals';
import { moola } from '../../testing/moola.js';

const stored = (task: string) => ({ task, sequence: 12, position: 3400, entries: 7, bytes: 2048 });

describe('moola tasks', () => {
  it('lists what Redis knows', async () => {
    const asked: string[] = [];
    const { stdout, exitCode } = await moola(['tasks', 'list', 'moola.live/'], {
      operations: {
        listTasks: async (prefix) => {
          asked.push(prefix);
          return { ok: true, tasks: [stored('moola.live/tracker/0'), stored('moola.live/tracker/1')] };
        },
      },
    });
    expect(exitCode).toBe(0);
    expect(asked).toEqual(['moola.live/']);
    expect(stdout.split('\n').slice(0, 2)).toEqual([
      'TASK                  POSITION  CHECKPOINTS  ENTRIES    SIZE',
      'moola.live/tracker/0      3400           12        7  2.0 kB',
    ]);
  });

  it('says what came of a new epoch', async () => {
    const { stdout } = await moola(['tasks', 'new-epoch', 'moola.live/tracker/0'], {
      operations: { newEpoch: async () => ({ ok: true, epoch: 1, keptEntries: 7 }) },
    });
    expect(stdout).toBe(
      'moola.live/tracker/0 begins epoch 1 with the 7 entries of its state; restart the service if it has stopped\n',
    );
  });

  it('says every problem, a line each', async () => {
    const { stderr, exitCode } = await moola(['tasks', 'list'], {
      operations: {
        listTasks: async () => ({ ok: false, problems: ['REDIS_URL: is missing', 'MOOLA_MODE: is missing'] }),
      },
    });
    expect(stderr).toBe('moola: REDIS_URL: is missing\nmoola: MOOLA_MODE: is missing\n');
    expect(exitCode).toBe(1);
  });
});
