import { randomUUID } from 'node:crypto';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { IncidentEvent } from '@moola/contracts/gen/moola/v1/incidents_pb';
import { withIncidentUrl } from '@moola/wording/incident-url';
import { postMortemFile } from './post-mortem-file.js';

/** Keeps the post-mortems of an environment as Markdown files, written whole or not at all. */
export class PostMortemFiles {
  /** @param urlOf where the console shows an incident; empty where that is not known */
  constructor(
    private readonly folder: string,
    private readonly urlOf: (incident: string) => string = () => '',
  ) {}

  async write(event: IncidentEvent): Promise<void> {
    if (event.kind.case !== 'postMortem') return;
    await mkdir(this.folder, { recursive: true });
    const name = postMortemFile(event.incident);
    const draft = join(this.folder, `.${name}.${randomUUID()}`);
    await writeFile(draft, withIncidentUrl(event.kind.value.markdown, this.urlOf(event.incident)));
    await rename(draft, join(this.folder, name));
  }
}
