import { readFileSync } from 'node:fs';
import { describeProblem } from '@moola/contracts/definitions/problems';
import { parseDefinitionFiles } from '@moola/contracts/definitions/parse-definitions';
import { LeftOut } from '../steps.js';
import type { Task } from '../target.js';

/** The files as one, as `moola apply /dev/stdin` takes them. */
export function definitionsText(files: readonly string[]): string {
  return files.map((file) => readFileSync(file, 'utf8')).join('\n---\n');
}

/** The files of definitions are right: the schema, and what they name of each other. */
export function definitionsTask(files: readonly string[]): Task {
  return {
    title: 'Definitions',
    async run() {
      if (files.length === 0)
        return new LeftOut('none is given: --definitions <file> applies models, rules and routes');
      const result = parseDefinitionFiles(files.map((file) => ({ file, yaml: readFileSync(file, 'utf8') })));
      if ('problems' in result) throw new Error(result.problems.map(describeProblem).join('\n'));
      return `${result.byFile.flat().length} in ${files.join(', ')}`;
    },
  };
}
