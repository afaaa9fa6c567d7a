// Writes the tables of roles and routes into docs/security.md. Needs a build; a test says when they are stale.
import { readFileSync, writeFileSync } from 'node:fs';
import { withAccessTables } from '@moola/platform/access/access-page';

const page = new URL('../../docs/security.md', import.meta.url);
writeFileSync(page, withAccessTables(readFileSync(page, 'utf8')));
