import { hash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { cachedProgram } from './cached-program.js';
import { runCommand } from './command.js';
import { MissingPart } from './missing-part.js';

const requirements = fileURLToPath(new URL('../../../clients/python/requirements-dev.txt', import.meta.url));
const command =
  'install Python 3.11 or newer with venv (Debian: apt-get install python3-venv), ' +
  'then: python3 -m venv VENV && VENV/bin/pip install -r clients/python/requirements-dev.txt';

/** Which Python, and where it lies: an environment is of one only. */
const whichPython = 'import sys; assert sys.version_info >= (3, 11), sys.version; print(sys.version, sys.base_prefix)';

/**
 * A Python with the packages that the tests of the Python client need, in an environment of its own; made once for each text
 * of their list.
 *
 * @returns the path of its `python`.
 * @throws MissingPart when there is no such Python, or its packages cannot be had.
 */
export async function pythonEnvironment(): Promise<string> {
  const { code, output } = await runCommand('python3', ['-c', whichPython]);
  if (code !== 0) throw new MissingPart('Python packages', `there is no python3 of 3.11 or newer\n${output}`, command);
  const version = hash('sha256', readFileSync(requirements, 'utf8') + output, 'hex').slice(0, 12);
  const found = await cachedProgram({
    ...{ name: 'python', version, path: 'bin/python' },
    // Scripts of the environment name the folder where it was made; `bin/python -m` works wherever it lies.
    get: (folder) => [
      'sh',
      ['-c', 'python3 -m venv "$1" && "$1/bin/python" -m pip install --quiet -r "$2"', 'sh', folder, requirements],
      { PIP_DISABLE_PIP_VERSION_CHECK: '1', PIP_ROOT_USER_ACTION: 'ignore' },
    ],
  });
  if ('path' in found) return found.path;
  throw new MissingPart('Python packages', found.reason, command);
}
