import { describe, expect, it } from '@jest/globals';
import { moola } from '../testing/moola.js';

const leaves = [
  ...['up', 'replay', 'backtest', 'check', 'apply', 'postmortem'],
  ...['incidents list', 'incidents show', 'incidents ack', 'incidents resolve', 'incidents judge', 'incidents missed'],
  ...['alerts quality'],
  ...['history tables', 'history query', 'history export', 'history import'],
  ...['jobs list', 'jobs show', 'instances', 'measurements list', 'measurements show'],
  ...['experiment analyze', 'experiment power'],
  ...['dead-letters list', 'dead-letters show', 'dead-letters retry'],
  ...['notify test', 'simulate'],
  ...['tokens create', 'tokens list', 'tokens revoke'],
];

describe('the help', () => {
  it('names every command', async () => {
    expect(await moola(['--help'])).toEqual({
      ...{ exitCode: 0, stderr: '' },
      stdout: `Usage: moola [options] [command]

Watches machine-learning models in production: windows, budgets, alerts, money,
incidents, rollbacks.

Options:
  -V, --version                    show the version
  -h, --help                       show this help

Commands:
  up [options]                     Start all services and the console in one
                                   process, and continue from the state in the
                                   data folder.
  replay [options] <log>           Send a log through all services as fast as
                                   they go, and report the result.
                                   docs/replay.md has the formats.
  backtest [options]               Try definitions on a log: which alerts there
                                   would have been, how good they are, and how
                                   others differ. Nothing runs beside it and
                                   nobody is notified. docs/backtest.md has
                                   more.
  check [options] <file...>        Check files of definitions: report every
                                   problem, or which rule alerts for which
                                   budget line and which segments patterns
                                   cover. Needs no server.
  apply [options] <file...>        Send files of definitions to a server, which
                                   checks them: all take effect, or none when
                                   one is wrong.
  definitions                      What is in force: models, rules, values,
                                   playbooks, routes, infrastructure.
  incidents                        What is wrong with models, what was done
                                   about it, and what it costs.
  breakdown [options] <model>      What a model's budget window is made of: its
                                   segments, the worse ones first, and its
                                   classes or residuals.
  alerts                           How good alerts are.
  jobs                             Training jobs: how far they are, how long
                                   they take, whether they run out of memory.
  instances [options]              List what models run on: CPU, memory, GPU,
                                   disk, network.
  measurements                     What your own systems measure of models:
                                   revenue, ratings, GPU hours.
  experiment                       Experiments: which variant is better, and how
                                   many units it takes to know. Needs no server.
  history                          What was: figures, incidents, alerts,
                                   deployments, money, as far back as the
                                   console remembers.
  postmortem [options] <incident>  Print the post-mortem of a resolved incident,
                                   in Markdown.
  dead-letters                     What was refused: why, its original, and
                                   another try.
  notify                           Test how people are notified of incidents.
  simulate [options]               Send made-up telemetry of a model that gets a
                                   bad release, or of a training job: to see
                                   alerts without a model of your own.
  tasks                            See how far the tasks of a distributed
                                   installation are, and let one start over with
                                   a recreated topic.
  tokens                           API tokens: who may read, operate,
                                   administer, or send events. docs/security.md
                                   has the roles.
  deployment-test                  Test a distributed installation from within:
                                   deploy/deploy_monitoring.sh test calls this.
`,
    });
  });

  it('of a command says what it takes, and shows how', async () => {
    const { stdout } = await moola(['incidents', 'ack', '--help']);
    expect(stdout).toBe(`Usage: moola incidents ack [options] <incident>

Acknowledge an incident: nobody else is paged for it.

Arguments:
  incident              its id, as \`moola incidents list\` shows it

Options:
  --server <url>        the server's address (default: MOOLA_SERVER, else
                        http://127.0.0.1:8080)
  --token <token>       the token that it asks for (default: MOOLA_TOKEN, or
                        what the file MOOLA_TOKEN_FILE holds)
  --environment <name>  where to look: live, example, … (default: "live")
  --as <name>           who does it, where no authentication is configured
                        (default: your login name)
  --seen <number>       the newest event that you have seen (default: the
                        newest)
  --wait <duration>     how long to wait for the responder's answer (default:
                        30s)
  -h, --help            show this help

Examples:
  moola incidents ack Fraud~AccuracyDrop~1             as yourself
  moola incidents ack Fraud~AccuracyDrop~1 --as maria  as somebody else
`);
  });

  it.each(leaves)('of %s has examples that begin with it', async (leaf) => {
    const { exitCode, stdout } = await moola([...leaf.split(' '), '--help']);
    expect(exitCode).toBe(0);
    expect(stdout).toContain(`Usage: moola ${leaf} `);
    const examples = stdout.slice(stdout.indexOf('Examples:')).split('\n').slice(1, -1);
    expect(examples.length).toBeGreaterThan(0);
    for (const example of examples) expect(example).toMatch(new RegExp(`^ {2}moola ${leaf}`));
  });

  it.each(leaves)('of %s explains every option that its examples use', async (leaf) => {
    const { stdout } = await moola([...leaf.split(' '), '--help']);
    const [options, examples] = stdout.split('Examples:') as [string, string];
    for (const [option] of examples.matchAll(/--[a-z-]+/g)) expect(options).toContain(option);
  });

  it.each([[], ['incidents'], ['dead-letters'], ['notify']])(
    'is shown to whoever names no command, as a wrong use: %p',
    async (...words) => {
      const { exitCode, stdout, stderr } = await moola(words);
      expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
      expect(stderr).toContain(`Usage: ${['moola', ...words].join(' ')} [options] [command]\n`);
    },
  );

  it('is pointed at when there is no such command', async () => {
    expect(await moola(['incidents', 'lst'])).toEqual({
      ...{ exitCode: 2, stdout: '' },
      stderr: "moola: unknown command 'lst': did you mean list? Add --help to see what there is.\n",
    });
  });

  it('tells the version', async () => {
    expect(await moola(['--version'])).toEqual({ exitCode: 0, stdout: '0.1.0\n', stderr: '' });
  });
});
