import { z } from 'zod';
import type { Settings } from '@moola/platform/settings/settings';

const integer = (least: number, most: number) =>
  z
    .string()
    .regex(/^\d+$/, 'is no whole number')
    .transform(Number)
    .refine((value) => value >= least && value <= most, `must be from ${least} to ${most}`);

/** What the notifier reads from its environment, beside the channels' own `MOOLA_CHANNEL_<NAME>_…`. */
export const notifierSettings = {
  timeoutMs: {
    variable: 'MOOLA_NOTIFY_TIMEOUT_MS',
    schema: integer(100, 120_000),
    default: '10000',
    unit: 'ms',
    text: 'How long one attempt to send may take.',
  },
} as const;

export type NotifierSettings = Settings<typeof notifierSettings>;
