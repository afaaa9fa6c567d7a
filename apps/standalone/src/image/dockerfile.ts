import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { repository } from '../compose/compose-file.js';

export interface Instruction {
  readonly name: string;
  readonly text: string;
}

/** The stages of deploy/Dockerfile, each with its instructions; comments and line breaks are gone. */
export function readDockerfile(): readonly (readonly Instruction[])[] {
  const text = readFileSync(join(repository, 'deploy/Dockerfile'), 'utf8');
  const instructions = text
    .replace(/^#.*\n/gm, '')
    .replace(/\\\n\s*/g, '')
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => ({ name: line.slice(0, line.indexOf(' ')), text: line.slice(line.indexOf(' ') + 1).trim() }));
  const stages: Instruction[][] = [];
  for (const instruction of instructions) {
    if (instruction.name === 'FROM') stages.push([]);
    stages.at(-1)?.push(instruction);
  }
  return stages;
}

/** What the instructions of this name say, in their order. */
export function textsOf(stage: readonly Instruction[], name: string): readonly string[] {
  return stage.filter((each) => each.name === name).map(({ text }) => text);
}
