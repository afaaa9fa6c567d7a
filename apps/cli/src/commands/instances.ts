import type { InfrastructureView, InstanceView } from '@moola/standalone/console-views';
import { subjectMetrics } from '@moola/metrics/catalogue';
import { askedText, isUnwell } from '@moola/wording/infrastructure';
import { Option, type Command } from 'commander';
import { countOption } from '../options/parsers.js';
import { examples } from '../output/examples.js';
import { printable } from '../output/printable.js';
import { storyTimes, type StoryTimes } from '../output/story-times.js';
import { figureText } from '../output/figure-text.js';
import { printPage } from '../output/page.js';
import type { Column } from '../output/table.js';
import { path } from '../server/moola-server.js';
import { connect, withServer, type ServerFlags } from '../server/server-options.js';
import type { Shell } from '../shell/shell.js';

interface Flags extends ServerFlags {
  readonly model?: string;
  readonly limit: number;
  readonly json?: true;
}

export function registerInstances(parent: Command, shell: Shell): void {
  withServer(parent.command('instances').description('List what models run on: CPU, memory, GPU, disk, network.'))
    .option('--model <name>', 'only those of this model')
    .addOption(new Option('--limit <number>', 'how many at most, up to 1000').argParser(countOption).default(50))
    .option('--json', 'print JSON')
    .addHelpText('after', examples(['moola instances --model Fraud', 'what this model runs on']))
    .action(async (flags: Flags) => {
      const server = connect(shell, flags);
      if (server === null) return;
      const { environment, model, limit } = flags;
      const query = new URLSearchParams({ limit: String(limit), ...(model !== undefined && { model }) });
      const answer = await server.page<InstanceView>(
        `${path('environments', environment, 'instances')}?${query.toString()}`,
      );
      if (flags.json) return answer.ok ? shell.json(answer.value.rows) : shell.fail(answer.problem);
      const asked = await server.get<InfrastructureView[]>(
        `${path('environments', environment, 'infrastructure')}${model === undefined ? '' : `?${new URLSearchParams({ model }).toString()}`}`,
      );
      if (!asked.ok) return shell.fail(asked.problem);
      // Of a model of which nothing has come yet it is all that there is to say.
      if (!answer.ok && asked.value.length === 0) return shell.fail(answer.problem);
      const page = answer.ok ? answer.value : { rows: [], total: 0 };
      const times = await storyTimes(server, environment);
      await printPage(shell, page, async () => columns(shell, times), `no instances in environment ${environment}`);
      for (const each of asked.value) tellAsked(shell, each, times);
    });
}

/** What a Prometheus is asked for, and what is wrong with it. */
function tellAsked(shell: Shell, asked: InfrastructureView, times: StoryTimes): void {
  const { answeredMs, askedMs, problems } = asked;
  const last = answeredMs === null ? 'not answered yet' : `last answered ${times.zoned(answeredMs)}`;
  const when = askedMs !== null && answeredMs !== askedMs ? `; ${last}` : '';
  const line = printable(askedText(asked)) + when;
  shell.print(isUnwell(asked) ? shell.style('red', line) : line);
  for (const problem of problems) shell.print(`  ${printable(problem)}`);
}

/** What of a metric stands above its column. */
const titles: Readonly<Record<string, string>> = {
  instance_cpu: 'CPU',
  instance_memory: 'MEMORY',
  instance_memory_used: 'USED',
  instance_gpu: 'GPU',
  instance_gpu_memory: 'GPU MEMORY',
  instance_disk: 'DISK',
  instance_network: 'NETWORK',
};

function columns(shell: Shell, times: StoryTimes): Column<InstanceView>[] {
  const shown = subjectMetrics.filter(({ name }) => name in titles);
  return [
    { title: 'MODEL', cell: ({ model }) => printable(model) },
    { title: 'INSTANCE', cell: ({ instance }) => printable(instance) },
    {
      title: 'STATE',
      cell: ({ silent }) => (silent ? 'silent' : 'heard'),
      style: ({ silent }, cell) => shell.style(silent ? 'red' : 'green', cell),
    },
    ...shown.map(({ name }): Column<InstanceView> => ({
      title: titles[name] ?? name,
      side: 'right',
      cell: ({ figures }) => figureText(figures, name),
    })),
    { title: times.heading('HEARD'), cell: ({ heardMs }) => times.at(heardMs) },
  ];
}
