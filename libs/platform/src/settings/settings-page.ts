import { processSettings } from './process-settings.js';
import { settingsReference } from './settings.js';

/** `docs/settings.md`. */
export function settingsPage(): string {
  return `# Settings of a process

Read from the environment at start, all at once; every problem is reported. \`<NAME>_FILE\` names a file that holds the
value, for mounted secrets. Channels have settings of their own: [notifications.md](notifications.md).

${settingsReference(processSettings)}`;
}
