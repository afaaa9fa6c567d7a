import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { join } from 'node:path';
import { renderRunbookIndex } from './alerts/render-runbook-index.js';
import { renderRules } from './alerts/render-rules.js';
import { boards } from './dashboards/dashboards.js';
import { renderDashboard } from './dashboards/render-dashboard.js';
import { ruleGroups } from './alerts/rule-groups.js';

/** Writes what is deployed and made from sources here. Tests say when a file is stale. */
const deploy = fileURLToPath(new URL('../../../deploy/', import.meta.url));

writeFolder(
  'prometheus/rules',
  ruleGroups.map((group) => [`${group.name}.yml`, renderRules(group)]),
);

writeFileSync(
  fileURLToPath(new URL('../../../docs/runbooks/README.md', import.meta.url)),
  renderRunbookIndex(ruleGroups),
);
writeFolder(
  'grafana/dashboards',
  boards.map((board) => [`${board.name}.json`, renderDashboard(board)]),
);

function writeFolder(name: string, files: readonly (readonly [string, string])[]): void {
  const folder = join(deploy, name);
  mkdirSync(folder, { recursive: true });
  const names = files.map(([file]) => file);
  for (const file of readdirSync(folder)) if (!names.includes(file)) rmSync(join(folder, file));
  for (const [file, text] of files) writeFileSync(join(folder, file), text);
}
