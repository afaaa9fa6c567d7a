import { cachedProgram } from './cached-program.js';
import { MissingPart, type Part } from './missing-part.js';

/** A program that Go builds. */
export interface GoProgram {
  readonly part: Part;
  /** Name of its file. */
  readonly name: string;
  readonly version: string;
  /** Arguments of `go` that put it into a folder. */
  build(folder: string): readonly string[];
}

/** Two processes of the compiler at once at most, and nicely: others may be working on this machine. */
const environment = { GOFLAGS: '-buildvcs=false -p=2', CGO_ENABLED: '0' };

/**
 * Builds a program once, into a folder of the cache that is named after its version.
 *
 * @returns the program's path.
 * @throws MissingPart when it cannot be built here.
 */
export async function goProgram({ part, name, version, build }: GoProgram): Promise<string> {
  const found = await cachedProgram({
    ...{ name, version, path: name },
    get: (folder) => ['nice', ['-n', '10', 'go', ...build(folder)], { ...environment, GOBIN: folder }],
  });
  if ('path' in found) return found.path;
  throw new MissingPart(part, found.reason, 'install Go 1.24 or newer (https://go.dev/doc/install)');
}

/** Arguments of `go` that build a package of a module, without symbols. */
export const installed = (path: string, version: string, linker: readonly string[] = []): readonly string[] => [
  ...['install', `-ldflags=${['-s', '-w', ...linker].join(' ')}`, `${path}@${version}`],
];
