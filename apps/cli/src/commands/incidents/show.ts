import { labelsText } from '@moola/wording/annotations';
import type { DecisionView, IncidentView, VerdictView } from '@moola/standalone/console-views';
import type { Command } from 'commander';
import { examples } from '../../output/examples.js';
import { fields, table } from '../../output/table.js';
import { printable } from '../../output/printable.js';
import { actorText } from '@moola/wording/actor';
import { dollars, howToDeclareValue, whyNotPriced } from '@moola/wording/money';
import { storyTimes, type StoryTimes } from '../../output/story-times.js';
import { severity, shellWord } from '../../output/words.js';
import { incidentsPath, withHint } from '../../server/elsewhere.js';
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
      const times = await storyTimes(server, flags.environment);
      shell.print(head(shell, answer.value, page, times));
      shell.print('');
      shell.print(
        table(shell, answer.value.timeline, [
          { title: '#', side: 'right', cell: ({ number }) => String(number) },
          { title: times.heading('TIME'), cell: ({ atMs }) => times.at(atMs) },
          { title: 'EVENT', cell: ({ text }) => times.text(printable(text).replaceAll('\n', ' ')) },
        ]),
      );
    });
}

/** @param page where a browser shows it */
function head(shell: Shell, incident: IncidentView, page: string, times: StoryTimes): string {
  const { model, subject, state, tier, breachAtMs, openedAtMs, resolvedAtMs, noDataSinceMs } = incident;
  const document = `moola postmortem ${shellWord(printable(incident.id))}`;
  return fields(shell, [
    ['incident', shell.style('bold', printable(incident.id))],
    ['title', `${printable(incident.title)}, ${times.since(breachAtMs, openedAtMs, 'zoned')}`],
    ['rule', printable(incident.summary === '' ? incident.rule : `${incident.rule}: ${incident.summary}`)],
    ['model', printable(model)],
    ['about', subject === null ? null : printable(`${subject.kind} ${subject.name}`)],
    ['severity', severity(shell, incident.severity, incident.severity)],
    ['tier', tier],
    ['state', state],
    [
      'no data',
      noDataSinceMs === null ? null : `since ${times.zoned(noDataSinceMs)}: whether it is still so is not known`,
    ],
    ['breach', times.zoned(breachAtMs)],
    ['opened', times.zoned(openedAtMs)],
    ['resolved', resolvedAtMs === null ? null : times.zoned(resolvedAtMs)],
    ['verdict', incident.verdict === null ? null : verdict(incident.verdict, times)],
    ['cost', cost(incident)],
    ['decided', incident.decision === null ? null : printable(decided(incident.decision))],
    ['description', incident.description === '' ? null : printable(incident.description)],
    ['labels', printable(labelsText(incident.labels)) || null],
    ['runbook', incident.runbook === '' ? null : printable(incident.runbook)],
    ['page', printable(page)],
    ['post-mortem', incident.hasPostMortem ? document : null],
  ]);
}

/** `false, says maria at …: labels were late`. */
function verdict({ verdict, by, byAuthenticated, atMs, note }: VerdictView, times: StoryTimes): string {
  const text = `${verdict}, says ${actorText(by, byAuthenticated)} at ${times.zoned(atMs)}${note === '' ? '' : `: ${note}`}`;
  return printable(text);
}

function cost({ model, subject, gate, costUsd, usdPerMinute }: IncidentView): string {
  if (!gate) return `not priced: ${whyNotPriced(subject)}`;
  if (costUsd === null) return `unknown: ${howToDeclareValue(printable(model))}`;
  return `${dollars(costUsd)}${usdPerMinute > 0 ? `, ${dollars(usdPerMinute)} a minute now` : ''}`;
}

/** What is being done: `mitigate: v2 → v1, better with confidence`. */
function decided({ answer, from, to, reason }: DecisionView): string {
  return `${answer}: ${from}${to === '' || answer === 'hold' ? ' goes on serving' : ` → ${to}`}, ${reason}`;
}
