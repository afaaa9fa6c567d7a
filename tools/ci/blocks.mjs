// Blocks of shell in Markdown that are run as they stand: ```sh run, or ```sh run background for a program that stays.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';

/**
 * @param markdown the text of a document
 * @returns blocks in order: the heading above, the line where they begin, whether they stay in the background, the script
 */
export function runnableBlocks(markdown) {
  const blocks = [];
  let heading = '';
  let open = null;
  for (const [index, line] of markdown.split('\n').entries()) {
    const fence = /^ {0,3}(`{3,}|~{3,})\s*(.*?)\s*$/.exec(line);
    if (open !== null) {
      if (fence !== null && fence[2] === '' && fence[1].startsWith(open.mark)) {
        if (open.runnable) blocks.push({ ...open.block, script: `${open.lines.join('\n')}\n` });
        open = null;
      } else open.lines.push(line);
    } else if (fence !== null) {
      const [language, run, background] = fence[2].split(/\s+/);
      const block = { heading, line: index + 1, background: background === 'background' };
      open = { mark: fence[1], runnable: language === 'sh' && run === 'run', block, lines: [] };
    } else heading = /^#{1,6} (.*)$/.exec(line)?.[1] ?? heading;
  }
  return blocks;
}

/** A port that nobody listens on at the moment. */
export async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  return port;
}

/**
 * Runs blocks one after the other with bash, each as a process of its own.
 * @param folder where they run
 * @param env their environment
 * @param up what a block that stays prints once it is up
 * @param onOutput is given what they print, and the block
 */
export function blockRunner({ folder, env, up, onOutput = () => undefined }) {
  const running = [];
  return {
    /** @returns what the block printed: all of it, or until it was up. Rejects when it ends with an error. */
    async run(block) {
      const child = spawn('bash', ['-euo', 'pipefail', '-c', block.script], { cwd: folder, env, detached: true });
      let output = '';
      let tell = () => undefined;
      const isUp = new Promise((resolve) => (tell = resolve));
      const take = (text) => {
        output += text;
        process.stdout.write(text);
        if (output.includes(up)) tell();
        onOutput(output, block);
      };
      child.stdout.setEncoding('utf8').on('data', take);
      child.stderr.setEncoding('utf8').on('data', take);
      running.push(child);
      const ended = once(child, 'close').then(([code, signal]) => code ?? signal);
      const code = await (block.background ? Promise.race([isUp, ended]) : ended);
      if (code !== undefined && code !== 0) throw new Error(`a block ended with ${code}:\n${block.script}`);
      return output;
    },

    /** Ends what still runs, as Ctrl-C does. */
    async stop() {
      for (const child of running) {
        if (child.exitCode !== null || child.signalCode !== null) continue;
        process.kill(-child.pid, 'SIGINT');
        await once(child, 'close');
      }
    },
  };
}
