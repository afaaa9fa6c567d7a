import type { DecisionView, IncidentView } from '@moola/standalone/console-views';
import type { Command } from 'commander';
import { examples } from '../../output/examples.js';
import { fields, table } from '../../output/table.js';
import { printable } from '../../output/printable.js';
import { dollars, howToDeclareValue } from '@moola/wording/money';
import { instant, severity, shellWord } from '../../output/words.js';
import { incidentsPath, withHint } from '../../server/elsewhere.js';
import { sinceText } from '@moola/wording/headline';
import { incidentUrl } from '@moola/wording/incident-url';
import { connect, withServer, type ServerFlags } from '../../server/server-options.js';
import type { Shell } from '../../shell/shell.js';

export function registerShow(parent: Command, shell: Shell): void {
  withServer(
    parent
      .command('show')
      .description('Show an incident with its timeline.')
      .argument('<incident>', 'its id, as `moola incidents list` shows it'),
  )
    .option('--json', 'print JSON')
    .addHelpText('after', examples(['moola incidents show Fraud~AccuracyDrop~1', 'what happened, in order']))
    .action(async (incident: string, flags: ServerFlags & { json?: true }) => {
      const server = connect(shell, flags);
      if (server === null) return;
      const asked = await server.get<IncidentView>(incidentsPath(flags.environment, incident));
      const answer = await withHint(server, flags.environment, incident, asked);
      if (!answer.ok) return shell.fail(answer.problem);
      if (flags.json) return shell.json(answer.value);
      const page = answer.value.url || incidentUrl(server.url, flags.environment, incident);
      shell.print(head(shell, answer.value, page));
      shell.print('');
      shell.print(
        table(shell, answer.value.timeline, [
          { title: '#', side: 'right', cell: ({ number }) => String(number) },
          { title: 'TIME (UTC)', cell: ({ atMs }) => instant(atMs) },
          { title: 'EVENT', cell: ({ text }) => printable(text).replaceAll('\n', ' ') },
        ]),
      );
    });
}

/** @param page where a browser shows it */
function head(shell: Shell, incident: IncidentView, page: string): string {
  const { model, state, tier, breachAtMs, openedAtMs, resolvedAtMs } = incident;
  const document = `moola postmortem ${shellWord(printable(incident.id))}`;
  return fields(shell, [
    ['incident', shell.style('bold', printable(incident.id))],
    ['title', `${printable(incident.title)}, ${sinceText(breachAtMs, openedAtMs)} UTC`],
    ['rule', printable(incident.summary === '' ? incident.rule : `${incident.rule}: ${incident.summary}`)],
    ['model', printable(model)],
    ['severity', severity(shell, incident.severity, incident.severity)],
    ['tier', tier],
    ['state', state],
    ['breach', `${instant(breachAtMs)} UTC`],
    ['opened', `${instant(openedAtMs)} UTC`],
    ['resolved', resolvedAtMs === null ? null : `${instant(resolvedAtMs)} UTC`],
    ['cost', cost(incident)],
    ['decided', incident.decision === null ? null : printable(decided(incident.decision))],
    ['runbook', incident.runbook === '' ? null : printable(incident.runbook)],
    ['page', printable(page)],
    ['post-mortem', incident.hasPostMortem ? document : null],
  ]);
}

function cost({ model, gate, costUsd, usdPerMinute }: IncidentView): string {
  if (!gate) return 'not priced: only lines with `gate: true` have a cost';
  if (costUsd === null) return `unknown: ${howToDeclareValue(printable(model))}`;
  return `${dollars(costUsd)}${usdPerMinute > 0 ? `, ${dollars(usdPerMinute)} a minute now` : ''}`;
}

/** What is being done: `mitigate: v2 → v1, better with confidence`. */
function decided({ answer, from, to, reason }: DecisionView): string {
  return `${answer}: ${from}${to === '' || answer === 'hold' ? ' goes on serving' : ` → ${to}`}, ${reason}`;
}
