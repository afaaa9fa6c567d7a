// Writes docs/history-tables.md from the schema of history. Needs a build; a test says when the file is stale.
import { writeFileSync } from 'node:fs';
import { tablesPage } from '@moola/console/history/schema/tables-page';

writeFileSync(new URL('../../docs/history-tables.md', import.meta.url), tablesPage());
