import { mkdir, open, readFile, rename } from 'node:fs/promises';
import { dirname } from 'node:path';

/** Where an alias points. */
export interface AliasEntry {
  readonly version: string;
  readonly updatedAtMs: number;
}

/** environment → registered model → alias → where it points. */
export type Aliases = Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, AliasEntry>>>>>>;

interface AliasDocument {
  readonly format: 1;
  readonly aliases: Aliases;
}

/** The file of aliases is damaged, or another program's. */
export class RegistryFileError extends Error {
  override readonly name = 'RegistryFileError';
}

/** Aliases in one JSON file. A save is whole or not at all, and survives a power cut once it has resolved. */
export class AliasFile {
  private saving: Promise<void> = Promise.resolve();

  constructor(private readonly path: string) {}

  /** @throws when there is a file that is none of ours: it names the file and is never overwritten. */
  async load(): Promise<Aliases> {
    let text: string;
    try {
      text = await readFile(this.path, 'utf8');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {};
      throw error;
    }
    const document = parsed(text);
    if (document?.format !== 1) {
      throw new RegistryFileError(
        `${this.path} is no registry file of format 1: restore it from a backup, or move it away to begin with an empty registry`,
      );
    }
    return document.aliases ?? {};
  }

  /** Saves one after the other, in the order of the calls. */
  save(aliases: Aliases): Promise<void> {
    const document: AliasDocument = { format: 1, aliases };
    this.saving = this.saving.catch(() => undefined).then(() => this.replace(`${JSON.stringify(document, null, 2)}\n`));
    return this.saving;
  }

  private async replace(text: string): Promise<void> {
    const folder = dirname(this.path);
    await mkdir(folder, { recursive: true });
    const temporary = `${this.path}.new`;
    const file = await open(temporary, 'w', 0o600);
    try {
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, this.path);
    const directory = await open(folder, 'r');
    try {
      await directory.sync();
    } finally {
      await directory.close();
    }
  }
}

function parsed(text: string): Partial<AliasDocument> | null {
  try {
    return JSON.parse(text) as Partial<AliasDocument> | null;
  } catch {
    return null;
  }
}
