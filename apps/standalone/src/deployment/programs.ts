import { spawn } from 'node:child_process';
import { programPath } from '@moola/testbed/command';

export interface ProgramRun {
  /** Further variables. */
  readonly variables?: Readonly<Record<string, string>>;
  /** Written to its standard input. */
  readonly input?: string;
  readonly folder?: string;
}

/** Runs programs of the target: docker, helm, kubectl. */
export class Programs {
  constructor(
    /** Told the commands of a dry run. */
    private readonly say: (line: string) => void,
    readonly dryRun: boolean,
  ) {}

  /** @throws Error that says where to get it */
  require(program: string, where: string): void {
    if (this.dryRun || programPath(program) !== undefined) return;
    throw new Error(`there is no ${program} on the PATH: ${where}`);
  }

  /**
   * Runs a program to its end; in a dry run says the command instead and gives no output.
   * @returns its standard output
   * @throws Error with the end of what it wrote when it fails
   */
  async run(
    program: string,
    args: readonly string[],
    { variables = {}, input, folder }: ProgramRun = {},
  ): Promise<string> {
    const words = [...Object.entries(variables).map(([name, value]) => `${name}=${value}`), program, ...args];
    const command = words.map(quoted).join(' ');
    if (this.dryRun) {
      this.say(`would run: ${command}${input === undefined ? '' : ' < (definitions)'}`);
      return '';
    }
    return new Promise((resolve, reject) => {
      const child = spawn(program, args, {
        stdio: [input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
        env: { ...process.env, ...variables },
        ...(folder === undefined ? {} : { cwd: folder }),
      });
      let [output, all] = ['', ''];
      child.stdout?.setEncoding('utf8').on('data', (text: string) => {
        output += text;
        all += text;
      });
      child.stderr?.setEncoding('utf8').on('data', (text: string) => (all += text));
      child.stdin?.on('error', () => undefined).end(input);
      child.once('error', (error) => reject(new Error(`${command}: ${error.message}`)));
      child.once('close', (code, signal) => {
        if (code === 0) resolve(output);
        else reject(new Error(`${command} ended with ${code ?? signal}:\n${all.trim().slice(-3_000)}`));
      });
    });
  }
}

function quoted(word: string): string {
  return /^[\w./:=@,{}~-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
