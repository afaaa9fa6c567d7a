import type { DeploymentOptions } from './options.js';
import type { Step } from './steps.js';
import type { ServiceStatus } from './target.js';

export interface ReportFacts {
  readonly options: DeploymentOptions;
  readonly version: string;
  readonly beganMs: number;
  readonly endedMs: number;
  readonly steps: readonly Step[];
  readonly services: readonly ServiceStatus[];
  readonly addresses: readonly (readonly [string, string])[];
}

const titles = {
  deploy: 'Deployment',
  validate: 'Validation',
  test: 'Test of the deployment',
  clean: 'Removal',
} as const;

/** The status report of a command, in Markdown. */
export function report(facts: ReportFacts): string {
  const { options, version, beganMs, endedMs, steps, services, addresses } = facts;
  const failed = steps.filter(({ state }) => state === 'failed');
  const result = failed.length > 0 ? `**failed** (${failed.length} of ${steps.length} steps)` : '**as it should be**';
  const facets: readonly (readonly [string, string])[] = [
    ['Result', options.dryRun ? '**dry run**: nothing was changed' : result],
    [
      'Target',
      options.target === 'kubernetes'
        ? `kubernetes, ${options.namespace}/${options.release}${options.context === undefined ? '' : `, context ${options.context}`}`
        : options.target,
    ],
    ['Version', version],
    ['Began', new Date(beganMs).toISOString()],
    ['Took', `${Math.round((endedMs - beganMs) / 1000)} s`],
  ];
  return [
    `# ${titles[options.command]} of Moola: status report\n`,
    table(['', ''], facets),
    '\n## Steps\n',
    table(
      ['Step', 'State', 'Detail'],
      steps.map(({ title, state, detail }) => [title, state, detail]),
    ),
    ...(services.length === 0
      ? []
      : [
          '\n## Services\n',
          table(
            ['Service', 'State'],
            services.map(({ service, state }) => [service, state]),
          ),
        ]),
    ...(addresses.length === 0 ? [] : ['\n## Where it is\n', table(['What', 'Address'], addresses)]),
    `\n${next(facts)}\n`,
  ].join('\n');
}

function next({ options, steps }: ReportFacts): string {
  const script = `deploy/deploy_monitoring.sh`;
  const where = options.target === 'local' ? '' : ` --target ${options.target}`;
  if (steps.some(({ state }) => state === 'failed'))
    return `Mend what failed and run the command again: what is there already stays. docs/deployment.md says more.`;
  switch (options.command) {
    case 'validate':
      return `Next: \`${script}${where}\` deploys.`;
    case 'deploy':
      return `Next: \`${script} test${where}\` sends telemetry through it until an alert is delivered; docs/events.md: sending your models' events.`;
    case 'test':
      return `Next: send your models' events (docs/events.md); docs/notifications.md: who is notified, and how.`;
    case 'clean':
      return `\`${script}${where}\` deploys again.`;
  }
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.map(cell).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

function cell(text: string): string {
  return text
    .replaceAll('|', '\\|')
    .trim()
    .replaceAll(/\s*\n\s*/g, '<br>');
}
