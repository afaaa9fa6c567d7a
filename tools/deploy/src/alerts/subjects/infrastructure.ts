import { alertsOfFile } from '../from-rule/alerts-of-file.js';

/** What models run on: the rules that apply in Moola without a definition. */
export const infrastructureAlerts = alertsOfFile('examples/alerts/infrastructure.yaml', {
  InstanceCpuHigh: {
    summary: 'The CPUs of {{ $labels.serving_instance }} ({{ $labels.model }}) have been busy for a while.',
    ...{ wrong: [{ value: 0.95, written: '95%' }], right: 0.9 },
  },
  InstanceMemoryHigh: {
    summary: 'The memory of {{ $labels.serving_instance }} ({{ $labels.model }}) is near its limit.',
    ...{ wrong: [{ value: 0.95, written: '95%' }], right: 0.9 },
  },
  InstanceDiskFull: {
    summary: 'The fullest disk of {{ $labels.serving_instance }} ({{ $labels.model }}) is nearly full.',
    ...{ wrong: [{ value: 0.9, written: '90%' }], right: 0.85 },
  },
  InstanceGpuMemoryHigh: {
    summary: 'The GPU memory of {{ $labels.serving_instance }} ({{ $labels.model }}) is nearly full.',
    ...{ wrong: [{ value: 0.97, written: '97%' }], right: 0.95 },
  },
  InstanceSilent: {
    summary: 'The instance {{ $labels.serving_instance }} of {{ $labels.model }} sends no samples.',
    ...{ wrong: [{ value: 180, written: '3m 0s' }], right: 120 },
  },
});
