import type { Definition } from '@moola/contracts/gen/moola/v1/definitions_pb';
import { guardedLines } from '@moola/rules/budget-rules';
import type { Command } from 'commander';
import { examples } from '../output/examples.js';
import { guardJson, guardTexts } from '../output/guards.js';
import { counted } from '../output/words.js';
import type { Shell } from '../shell/shell.js';
import { checkFiles, subjectOf, type CheckedFiles } from './definition-files.js';

export function registerCheck(parent: Command, shell: Shell): void {
  parent
    .command('check')
    .description(
      'Check files of definitions: report every problem, or which rule alerts for which budget line. Needs no server.',
    )
    .argument('<file...>', 'YAML documents, each with its kind; docs/definitions.md has the fields')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      examples(
        ['moola check definitions.yaml', 'every problem, with its line'],
        ['moola check models.yaml rules/*.yaml', 'several files, which may name what another one declares'],
      ),
    )
    .action((names: string[], flags: { json?: true }) => {
      const result = checkFiles(names);
      if (flags.json) {
        const definitions = result.ok ? result.files.flatMap((file) => file.definitions.map(subjectOf)) : [];
        const guards = guardedLines(all(result)).map(guardJson);
        shell.json({ ok: result.ok, definitions, guards, problems: result.ok ? [] : result.problems });
        shell.exitCode = result.ok ? 0 : 1;
        return;
      }
      if (!result.ok) {
        for (const problem of result.problems) shell.note(problem);
        shell.fail(`${counted(result.problems.length, 'problem')} in ${names.join(', ')}`);
        return;
      }
      for (const { name, definitions } of result.files)
        shell.print(`${name}: ${counted(definitions.length, 'definition')}, no problems`);
      for (const text of guardTexts(guardedLines(all(result)))) shell.print(text);
    });
}

function all(checked: CheckedFiles): Definition[] {
  return checked.ok ? checked.files.flatMap(({ definitions }) => definitions) : [];
}
