import { z } from 'zod';

/** A setting that is switched. */
export const onOff = z.enum(['on', 'off'], 'is neither "on" nor "off"').transform((value) => value === 'on');
