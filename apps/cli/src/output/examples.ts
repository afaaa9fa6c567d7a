/** The end of a command's help. */
export function examples(...lines: readonly (readonly [string, string])[]): string {
  const width = Math.max(...lines.map(([command]) => command.length));
  return ['', 'Examples:', ...lines.map(([command, what]) => `  ${command.padEnd(width)}  ${what}`)].join('\n');
}

/** What stands before the examples of a command that may refuse what it is given. @param refused what is refused then */
export function exitCodes(done: string, failed: string, refused: string): string {
  return [
    '',
    'Exit codes:',
    ...[`  0  ${done}`, `  1  ${failed}`, '  2  it was called in a wrong way', `  3  ${refused}`],
  ].join('\n');
}
