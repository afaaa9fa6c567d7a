import { FolderInUseError, DataFolderError } from '@moola/streams/adapters/embedded/errors';
import { PartitionCountError } from '@moola/streams/ports/event-log';
import { InstallationKeyError } from '@moola/platform/dead-letters/installation-key';
import { PortInUseError } from '@moola/platform/http/http-server';
import { RegistryFileError } from '../registry/alias-file.js';

/** Errors that say all there is to say: a person reads the message, nobody needs the stack. */
const expected = [
  FolderInUseError,
  DataFolderError,
  PartitionCountError,
  InstallationKeyError,
  PortInUseError,
  RegistryFileError,
];

/** Why a process could not start, in words; `null` for an error that is a defect of ours. */
export function startRefusal(error: unknown): string | null {
  return expected.some((kind) => error instanceof kind) ? (error as Error).message : null;
}
