import { randomUUID } from 'node:crypto';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { IncidentEvent } from '@moola/contracts/gen/moola/v1/incidents_pb';
import { postMortemFile } from './post-mortem-file.js';

/** Keeps the post-mortems of an environment as Markdown files, written whole or not at all. */
export class PostMortemFiles {
  constructor(private readonly folder: string) {}

  async write(event: IncidentEvent): Promise<void> {
    if (event.kind.case !== 'postMortem') return;
    await mkdir(this.folder, { recursive: true });
    const name = postMortemFile(event.incident);
    const draft = join(this.folder, `.${name}.${randomUUID()}`);
    await writeFile(draft, event.kind.value.markdown);
    await rename(draft, join(this.folder, name));
  }
}
