// Writes what the Helm chart has from elsewhere (alert rules, dashboards, topics), and docs/helm-values.md. A test says
// when one of them is stale.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { register } from 'node:module';
import { dirname } from 'node:path';

register('../typescript/hooks.mjs', import.meta.url);
const { generatedFiles, leftOver } = await import('../../apps/standalone/src/helm/generated-files.ts');

const root = new URL('../../', import.meta.url);
for (const path of leftOver()) rmSync(new URL(path, root));
for (const [path, text] of generatedFiles()) {
  const file = new URL(path, root);
  mkdirSync(dirname(file.pathname), { recursive: true });
  writeFileSync(file, text);
}
