import { numberLimits } from '@moola/contracts/telemetry-numbers';

/** A figure of an infrastructure sample, as JSON names it. */
export type SampleField = keyof typeof numberLimits.infrastructureSample;

/** All of them, in one order. */
export const sampleFields = Object.keys(numberLimits.infrastructureSample) as readonly SampleField[];

export const isRatio = (field: SampleField): boolean => field.endsWith('Ratio');
