import type { SampleField } from '@moola/contracts/definitions/infrastructure';
import { numberLimits } from '@moola/contracts/telemetry-numbers';

/** All of them, in one order. */
export const sampleFields = Object.keys(numberLimits.infrastructureSample) as readonly SampleField[];

export const isRatio = (field: SampleField): boolean => field.endsWith('Ratio');
