import { describe, expect, it } from '@jest/globals';
import { CatchingUp, catchingUpSentence } from './catching-up.js';

describe('a process is ready', () => {
  it('when each task has read once what its log held at its assignment', () => {
    const catchingUp = new CatchingUp();
    catchingUp.assigned('b', 3, 10);
    catchingUp.assigned('a', 0, 4);
    catchingUp.assigned('c', 7, 7);
    expect(catchingUpSentence(catchingUp.behind())).toBe('catching up: a 4 records behind, b 7 records behind');
    catchingUp.reached('a', 5);
    catchingUp.reached('b', 9);
    expect(catchingUp.behind()).toEqual([{ task: 'b', records: 1 }]);
    catchingUp.reached('b', 10);
    expect(catchingUpSentence(catchingUp.behind())).toBeNull();
  });

  it('and stays so when a task has to load its memory again', () => {
    const catchingUp = new CatchingUp();
    catchingUp.assigned('a', 0, 4);
    catchingUp.reached('a', 2);
    catchingUp.assigned('a', 0, 100);
    expect(catchingUp.behind()).toEqual([{ task: 'a', records: 4 }]);
    catchingUp.reached('a', 4);
    catchingUp.assigned('a', 2, 100);
    expect(catchingUp.behind()).toEqual([]);
  });

  it('but not when it gets a task anew, nor does one that it gave away count', () => {
    const catchingUp = new CatchingUp();
    catchingUp.assigned('a', 0, 4);
    catchingUp.revoked('a');
    expect(catchingUp.behind()).toEqual([]);
    catchingUp.reached('a', 4);
    catchingUp.assigned('a', 0, 6);
    expect(catchingUp.behind()).toEqual([{ task: 'a', records: 6 }]);
  });
});
