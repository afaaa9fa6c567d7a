import { distributedSettings } from '../service/distributed-settings.js';
import { processSettings } from './process-settings.js';
import { settingsReference } from './settings.js';

/** `docs/settings.md`. */
export function settingsPage(): string {
  return `# Settings of a process

Read from the environment at start, all at once; every problem is reported. \`<NAME>_FILE\` names a file that holds the
value, for mounted secrets. \`MOOLA_SECRETS_FOLDER\` names a folder of such files (or several, with \`:\` between them), each named after its variable, as a mounted Secret
is one whose keys are variables. Channels have settings of their own: [notifications.md](notifications.md); so have
Prometheus servers that are asked: [infrastructure.md](infrastructure.md#settings-of-the-collector).

${settingsReference(processSettings)}
## A service as a process of its own

What it reads beside the above; \`MOOLA_SETTINGS_FILE\` names a YAML file with the same names (\`MOOLA_PORT: 8081\`), and the
environment wins over it. \`node apps/<service>/dist/main.js --check\` reads the settings, connects to Kafka and Redis, compares
the topics, and ends.

${settingsReference(distributedSettings)}`;
}
