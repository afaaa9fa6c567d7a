// Writes docs/settings.md from the settings' schema. Needs a build; a test says when the file is stale.
import { writeFileSync } from 'node:fs';
import { settingsPage } from '@moola/platform/settings/settings-page';

writeFileSync(new URL('../../docs/settings.md', import.meta.url), settingsPage());
