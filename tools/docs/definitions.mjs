// Writes docs/definitions.md from the schema of definitions. Needs a build; a test says when the file is stale.
import { writeFileSync } from 'node:fs';
import { definitionsReference } from '@moola/contracts/definitions/reference';

writeFileSync(new URL('../../docs/definitions.md', import.meta.url), definitionsReference());
