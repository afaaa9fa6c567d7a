import { z } from 'zod';
import { nearestDuration, parseDuration } from './durations.js';
import { shown, type FieldText } from './fields.js';

const what = '"keep" or "alert after" and a duration, such as "alert after 10m"';

/** `keep`, or `alert after 10m`; parsed: how long data must be missing for that to alert, milliseconds; 0 keeps. */
export function missingPolicy(about: FieldText) {
  return z
    .unknown()
    .transform((input, context): number => {
      if (input === 'keep') return 0;
      const after = typeof input === 'string' ? /^alert after (\S+)$/.exec(input)?.[1] : undefined;
      const ms = after === undefined ? null : parseDuration(after);
      if (ms !== null && ms > 0) return ms;
      const meant = after === undefined || ms === 0 ? '' : ` (try "alert after ${nearestDuration(after)}")`;
      context.issues.push({ code: 'custom', message: `${shown(input)} is not ${what}${meant}`, input });
      return z.NEVER;
    })
    .meta({ ...about, type: what });
}
