import { alertsOfFile } from '../from-rule/alerts-of-file.js';
import type { RuleText } from '../from-rule/from-rule.js';

const rules: Readonly<Record<string, RuleText>> = {
  SimpleLSTMAccuracyDrop: {
    summary: 'The accuracy of SimpleLSTM is below its budget.',
    ...{ wrong: [{ value: 0.74, written: '74%' }], right: 0.81 },
  },
  SimpleLSTMLatencySpike: {
    summary: 'The P95 latency of SimpleLSTM is above its budget.',
    ...{ wrong: [{ value: 0.08, written: '80ms' }], right: 0.05 },
  },
  SimpleLSTMErrorRateHigh: {
    summary: 'Too many predictions of SimpleLSTM fail.',
    ...{ wrong: [{ value: 0.06, written: '6%' }], right: 0.05 },
  },
};

/** The rules of SimpleLSTM that Prometheus evaluates as well. */
export const simpleLstmRules: readonly string[] = Object.keys(rules);

export const simpleLstmAlerts = alertsOfFile('examples/index-volatility/definitions.yaml', rules);
