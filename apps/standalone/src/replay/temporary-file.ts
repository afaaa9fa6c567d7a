import { closeSync, mkdtempSync, openSync, readSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A file for as long as the process needs it. */
export class TemporaryFile {
  private readonly folder: string;
  private readonly file: number;
  private length = 0;

  /** @param name what it holds: part of its folder's name */
  constructor(name: string) {
    this.folder = mkdtempSync(join(tmpdir(), `moola-replay-${name}-`));
    this.file = openSync(join(this.folder, name), 'w+');
  }

  /** @returns where the bytes begin */
  append(bytes: Uint8Array): number {
    const at = this.length;
    for (let written = 0; written < bytes.length;)
      written += writeSync(this.file, bytes, written, bytes.length - written, at + written);
    this.length += bytes.length;
    return at;
  }

  read(at: number, length: number): Uint8Array<ArrayBuffer> {
    const bytes = new Uint8Array(length);
    for (let read = 0; read < length;) {
      const count = readSync(this.file, bytes, read, length - read, at + read);
      if (count === 0) throw new Error(`${this.folder} was cut off`);
      read += count;
    }
    return bytes;
  }

  close(): void {
    closeSync(this.file);
    rmSync(this.folder, { recursive: true, force: true });
  }
}
