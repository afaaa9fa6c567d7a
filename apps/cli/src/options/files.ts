import { accessSync, constants, readFileSync, statSync } from 'node:fs';

export type FileReading =
  | { readonly ok: true; readonly text: string }
  /** Which file, and why it cannot be read. */
  | { readonly ok: false; readonly problem: string };

const because: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EISDIR: 'it is a folder',
  EACCES: 'it may not be read',
};

export function readText(path: string): FileReading {
  try {
    return { ok: true, text: readFileSync(path, 'utf8') };
  } catch (error) {
    return { ok: false, problem: `cannot read ${path}: ${fileProblem(error)}` };
  }
}

/** Why a file could not be read or written. */
export function fileProblem(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  return because[code ?? ''] ?? message;
}

/** Why a file cannot be read; `null` when it can, or none was named. */
export function fileRefusal(path: string | undefined): string | null {
  if (path === undefined) return null;
  try {
    if (statSync(path).isDirectory()) return `cannot read ${path}: ${because['EISDIR']}`;
    accessSync(path, constants.R_OK);
    return null;
  } catch (error) {
    return `cannot read ${path}: ${fileProblem(error)}`;
  }
}
