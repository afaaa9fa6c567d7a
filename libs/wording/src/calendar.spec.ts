import { describe, expect, it } from '@jest/globals';
import { inStoryDates } from './calendar.js';

const minute = 60_000;
const calendar = { startMs: Date.UTC(2004, 0, 2), stepMs: minute, labels: ['2008-06-27', '2008-06-30', ''] };

describe('a document of a replay', () => {
  const document = '# Post-mortem\n\n| Opened | 2004-01-02 00:01:00 UTC (5 min after the breach) |\n';

  it('has the dates of its story, and says whose its durations are', () => {
    expect(inStoryDates(calendar, document)).toBe(
      '# Post-mortem\n\nWritten by a replay: dates are those of the story, durations those of the replay.\n\n' +
        '| Opened | 2008-06-27 (5 min after the breach) |\n',
    );
  });

  it('stays as it is where times are what they say', () => {
    expect(inStoryDates(null, document)).toBe(document);
    expect(inStoryDates({ ...calendar, labels: ['', '', ''] }, document)).toBe(document);
  });
});
