import { sameDefinition } from '@moola/contracts/definitions/in-force';
import { parseDefinitionFiles } from '@moola/contracts/definitions/parse-definitions';
import { describeProblem } from '@moola/contracts/definitions/problems';
import type { Definition } from '@moola/contracts/gen/moola/v1/definitions_pb';
import { guardedLines, guardedMeasurements } from '@moola/rules/budget-rules';
import { segmentPatterns, type SegmentPattern } from '@moola/rules/segment-patterns';
import type { BreakdownView, DefinitionView } from '@moola/standalone/console-views';
import { Option, type Command } from 'commander';
import { urlOption } from '../options/parsers.js';
import { examples, exitCodes } from '../output/examples.js';
import { guardJson, guardTexts } from '../output/guards.js';
import { patternJson, patternText, type PatternJson } from '../output/segment-patterns.js';
import { counted } from '../output/words.js';
import { path, type Answer, type MoolaServer } from '../server/moola-server.js';
import { connect, tokenOption, type ServerFlags } from '../server/server-options.js';
import type { Shell } from '../shell/shell.js';
import { checkFiles, exitCodeOf, subjectOf, type CheckedFiles } from './definition-files.js';

interface Flags extends ServerFlags {
  readonly json?: true;
}

export function registerCheck(parent: Command, shell: Shell): void {
  parent
    .command('check')
    .summary(
      'Check files of definitions: report every problem, or which rule alerts for which budget line and which segments patterns cover. Needs no server.',
    )
    .description(
      'Check files of definitions: report every problem, or which rule alerts for which budget line and which segments patterns cover. Needs no server; ' +
        'with --server they may name what is applied there, as for `moola apply`, and nothing is written.',
    )
    .argument('<file...>', 'YAML documents, each with its kind; docs/definitions.md has the fields')
    .addOption(new Option('--server <url>', 'check against what is applied at this address').argParser(urlOption))
    .option(...tokenOption)
    .option('--environment <name>', 'against what is applied there, with --server', 'live')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      exitCodes('no problem', 'a file or the server could not be read', 'definitions have problems'),
    )
    .addHelpText(
      'after',
      examples(
        ['moola check definitions.yaml', 'every problem, with its line'],
        ['moola check models.yaml rules/*.yaml', 'several files, which may name what another one declares'],
        ['moola check one-more-rule.yaml --server http://127.0.0.1:8080', 'may name what is applied there'],
      ),
    )
    .action(async (names: string[], flags: Flags) => {
      const applied = await appliedAt(shell, flags);
      if (applied === 'unknown') return;
      const result = checkFiles(names, applied ?? []);
      const definitions = all(result);
      const inForce = together(applied ?? [], definitions);
      const patterns = result.ok ? await patternsAt(shell, flags, segmentPatterns(inForce)) : [];
      const guards = [...guardedLines(inForce), ...guardedMeasurements(inForce)];
      const isApplied = (each: Definition) => (applied ?? []).some((other) => sameDefinition(each, other));
      const unchanged = definitions.filter(isApplied).map(subjectOf);
      const named = definitions.map(subjectOf);
      if (flags.json) {
        const against = applied === null ? {} : { environment: flags.environment, unchanged };
        const problems = result.ok ? [] : result.problems;
        shell.json({
          ...{ ok: result.ok, definitions: named, ...against },
          ...{ guards: result.ok ? guards.map(guardJson) : [], patterns, problems },
        });
        shell.exitCode = result.ok ? 0 : exitCodeOf[result.are];
        return;
      }
      if (!result.ok) {
        for (const problem of result.problems) shell.note(problem);
        shell.refuse(`${counted(result.problems.length, 'problem')} in ${names.join(', ')}`);
        shell.exitCode = exitCodeOf[result.are];
        return;
      }
      for (const file of result.files)
        shell.print(`${file.name}: ${counted(file.definitions.length, 'definition')}, no problems`);
      if (applied !== null) {
        for (const each of named)
          shell.print(`${unchanged.includes(each) ? 'in force already' : 'would be applied'}: ${each}`);
      }
      for (const text of guardTexts(guards)) shell.print(text);
      for (const pattern of patterns) shell.print(patternText(pattern));
    });
}

/** What is in force where `--server` says; `null` without it; `unknown` after having said what went wrong. */
async function appliedAt(shell: Shell, flags: Flags): Promise<readonly Definition[] | null | 'unknown'> {
  if (flags.server === undefined) return null;
  const server = connect(shell, flags);
  if (server === null) return 'unknown';
  const answer = await inForceAt(server, flags.environment);
  if (answer.ok) return answer.value;
  shell.fail(answer.problem);
  return 'unknown';
}

/** With the segments that they cover at the server, where one is named. */
async function patternsAt(shell: Shell, flags: Flags, patterns: readonly SegmentPattern[]): Promise<PatternJson[]> {
  const server = flags.server === undefined || patterns.length === 0 ? null : connect(shell, flags);
  const known = new Map<string, Promise<Answer<BreakdownView[]>>>();
  return Promise.all(
    patterns.map(async (pattern) => {
      if (server === null) return patternJson(pattern, null);
      const { model } = pattern;
      const asked =
        known.get(model) ?? server.get(path('environments', flags.environment, 'models', model, 'breakdown'));
      known.set(model, asked);
      const answer = await asked;
      return patternJson(pattern, answer.ok ? answer.value : null);
    }),
  );
}

async function inForceAt(server: MoolaServer, environment: string): Promise<Answer<readonly Definition[]>> {
  const answer = await server.get<DefinitionView[]>(path('environments', environment, 'definitions'));
  if (!answer.ok) return answer;
  const files = answer.value.map(({ kind, name, yaml }) => ({ file: `${kind} ${name} of the server`, yaml }));
  const parsed = parseDefinitionFiles(files);
  if (!('problems' in parsed)) return { ok: true, value: parsed.definitions };
  const problem = `what is applied at ${server.url} is not understood here: ${parsed.problems.map(describeProblem).join('; ')}`;
  return { ok: false, status: null, problem };
}

/** What would be in force. */
function together(applied: readonly Definition[], definitions: readonly Definition[]): Definition[] {
  const own = new Set(definitions.map(subjectOf));
  return [...applied.filter((each) => !own.has(subjectOf(each))), ...definitions];
}

function all(checked: CheckedFiles): Definition[] {
  return checked.ok ? checked.files.flatMap(({ definitions }) => definitions) : [];
}
