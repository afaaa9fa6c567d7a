import { randomUUID } from 'node:crypto';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { IncidentEvent } from '@moola/contracts/gen/moola/v1/incidents_pb';
import { inStoryDates, type Calendar } from '@moola/wording/calendar';
import { withIncidentUrl } from '@moola/wording/incident-url';
import { postMortemFile } from './post-mortem-file.js';

/** What a document says that its environment knows. */
export interface DocumentLinks {
  /** Where the console shows an incident; empty where that is not known. */
  urlOf(incident: string): string;
  /** What a replay calls its steps: the documents have the story's dates; `null` where times are what they say. */
  calendar(): Calendar | null;
}

/** Keeps the post-mortems of an environment as Markdown files, written whole or not at all. */
export class PostMortemFiles {
  constructor(
    private readonly folder: string,
    private readonly links: DocumentLinks,
  ) {}

  async write(event: IncidentEvent): Promise<void> {
    if (event.kind.case !== 'postMortem') return;
    await mkdir(this.folder, { recursive: true });
    const name = postMortemFile(event.incident);
    const draft = join(this.folder, `.${name}.${randomUUID()}`);
    const dated = inStoryDates(this.links.calendar(), event.kind.value.markdown);
    await writeFile(draft, withIncidentUrl(dated, this.links.urlOf(event.incident)));
    await rename(draft, join(this.folder, name));
  }
}
