import { basename } from 'node:path';
import type { RuleGroup } from './alert.js';
import { runbookOf } from './render-rules.js';

const head = `# Runbooks

One for each alert of Prometheus: what it means, what users feel, where to look first, causes, what to do. The alert's annotation
\`runbook_url\` is the path of its runbook in this repository; the Helm chart can put an address before it.

An alert is one file in [tools/deploy/src/alerts](../../tools/deploy/README.md), with a case that fires and one that must not, and
one line in a list there. A test says when its runbook is missing.
`;

/** docs/runbooks/README.md */
export function renderRunbookIndex(groups: readonly RuleGroup[]): string {
  return (
    head +
    groups
      .map(({ comment, alerts }) => {
        const lines = alerts.map((alert) => {
          const { name, severity, summary } = alert;
          return `- [${name}](${basename(runbookOf(alert))}), ${severity}: ${summary.replace(/\{\{ \$labels\.(\w+) \}\}/g, '<$1>').replace(/\{\{.*?\}\}/g, '…')}`;
        });
        return `\n## ${comment.replace(/\.$/, '')}\n\n${lines.join('\n')}\n`;
      })
      .join('')
  );
}
