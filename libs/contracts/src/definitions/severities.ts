import { Severity } from '../gen/moola/v1/definitions_pb.js';

/** As definitions name them, least first. */
export const severityNames = ['info', 'warning', 'critical', 'emergency'] as const;

export type SeverityName = (typeof severityNames)[number];

const severities: Readonly<Record<SeverityName, Severity>> = {
  info: Severity.INFO,
  warning: Severity.WARNING,
  critical: Severity.CRITICAL,
  emergency: Severity.EMERGENCY,
};

export function severityOf(name: SeverityName): Severity {
  return severities[name];
}

/** The name of a severity; `unspecified` for one that no definition can give. */
export function severityName(severity: Severity): SeverityName | 'unspecified' {
  return severityNames.find((name) => severities[name] === severity) ?? 'unspecified';
}
