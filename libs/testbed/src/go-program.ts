import { cachedProgram } from './cached-program.js';
import { runCommand } from './command.js';
import { MissingPart, type Part } from './missing-part.js';

/** Programs that Go builds together. */
export interface GoProgram {
  readonly part: Part;
  /** Of the folder in the cache, beside its version. */
  readonly name: string;
  readonly version: string;
  /** The file that is asked for; `name` without it. */
  readonly file?: string;
  /** Arguments of `go` that put it into a folder. */
  build(folder: string): readonly string[];
}

/** Two processes of the compiler at once at most, and nicely: others may be working on this machine. */
const environment = { GOFLAGS: '-buildvcs=false -p=2', CGO_ENABLED: '0' };
const command = 'install Go 1.24 or newer (https://go.dev/doc/install)';

/**
 * Builds a program once, into a folder of the cache that is named after its version.
 *
 * @returns the program's path.
 * @throws MissingPart when it cannot be built here.
 */
export async function goProgram({ part, name, version, file = name, build }: GoProgram): Promise<string> {
  const found = await cachedProgram({
    ...{ name, version, path: file },
    get: (folder) => ['nice', ['-n', '10', 'go', ...build(folder)], { ...environment, GOBIN: folder }],
  });
  if ('path' in found) return found.path;
  throw new MissingPart(part, found.reason, command);
}

/** Flags of the linker: no symbols, and what else is given. */
export const linked = (...flags: readonly string[]): string => `-ldflags=${['-s', '-w', ...flags].join(' ')}`;

/** Arguments of `go` that build a package of a module. */
export const installed = (path: string, version: string): readonly string[] => [
  'install',
  linked(),
  `${path}@${version}`,
];

/**
 * The folder of a module's files, in the cache of Go; gets it when it is not there.
 *
 * @throws MissingPart when it cannot be had.
 */
export async function goModule(part: Part, module: string, version: string): Promise<string> {
  const { code, output } = await runCommand('go', ['mod', 'download', '-json', `${module}@${version}`]);
  const folder = /"Dir": "([^"]+)"/.exec(output)?.[1];
  if (code === 0 && folder !== undefined) return folder;
  throw new MissingPart(part, `go could not get ${module}@${version}\n${output.slice(-2_000)}`, command);
}
