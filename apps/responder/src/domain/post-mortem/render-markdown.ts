import { labelsText } from '@moola/wording/annotations';
import type { PostMortem, TimelineEntry } from '@moola/contracts/gen/moola/v1/incidents_pb';
import { acknowledgedByText, type Incident } from '../incidents/incident.js';
import type { WorstFigure } from '../incidents/worst-figure.js';
import { spoken } from '@moola/wording/durations';
import { instant } from '@moola/wording/instants';
import { metricLabel, metricValue } from '@moola/wording/metrics';
import { dollars } from '@moola/wording/money';
import { severityWord, tierNames } from '@moola/wording/names';
import { verdictText } from '@moola/wording/verdict';
import { comparedCells, comparedLines, type ComparedLine } from './compared-versions.js';
import { endingText } from './remediation.js';
import type { Story } from './story.js';

/** The post-mortem as a document (GitHub-flavoured Markdown). "event 9" anywhere links to the timeline's line 9. */
export function renderMarkdown(postMortem: PostMortem, incident: Incident, story: Story): string {
  const sections = [
    `# Post-mortem: ${plain(postMortem.title)}`,
    facts(postMortem, incident, story),
    '## Root cause',
    `**Technical.** ${linked(postMortem.rootCauseTechnical)}`,
    `**Process.** ${linked(postMortem.rootCauseProcess)}`,
    ...versions(comparedLines(story)),
    '## Business impact',
    linked(postMortem.businessImpact),
    '## Timeline',
    timeline(postMortem.timeline),
    '## Remediation',
    '### Immediate',
    list(postMortem.immediateRemediation),
    '### Long term',
    list(postMortem.longTermRemediation),
    '## Prevention',
    list(postMortem.prevention),
    '## Action items',
    postMortem.actionItems
      .map(({ text, owner, state }) => `- [${state === 'done' ? 'x' : ' '}] ${plain(text)} (${plain(owner)})`)
      .join('\n'),
  ];
  return `${sections.join('\n\n')}\n`;
}

function facts(postMortem: PostMortem, incident: Incident, { worst }: Story): string {
  const resolvedAtMs = incident.resolvedAtMs ?? incident.openedAtMs;
  const rows: readonly (readonly [string, string])[] = [
    ['Incident', `\`${incident.id.replaceAll('`', "'").replaceAll('|', '\\|')}\``],
    ['Severity, tier', `${severityWord(incident.severity)}, ${tierNames[incident.tier]}`],
    ['Breach', instant(incident.breachAtMs)],
    [
      'Opened',
      `${instant(incident.openedAtMs)} (${spoken(incident.openedAtMs - incident.breachAtMs)} after the breach)`,
    ],
    ['Resolved', `${instant(resolvedAtMs)} (open for ${spoken(resolvedAtMs - incident.openedAtMs)})`],
    ...(incident.verdict === undefined ? [] : [['Verdict', plain(verdictText(incident.verdict))] as const]),
    ['Acknowledged by', incident.acknowledgedBy === '' ? 'nobody' : plain(acknowledgedByText(incident))],
    ...(incident.description ? [['Description', plain(incident.description)] as const] : []),
    ...(incident.labels ? [['Labels', plain(labelsText(incident.labels))] as const] : []),
    ...(incident.runbook ? [['Runbook', plain(incident.runbook)] as const] : []),
    ...(worst === null ? [] : [['Worst figure', worstText(worst)] as const]),
    ...(postMortem.ending === undefined ? [] : [['What ended it', linked(endingText(postMortem.ending))] as const]),
    ...(incident.gate ? [['Cost', postMortem.costUnknown ? 'unknown' : dollars(postMortem.costUsd)] as const] : []),
  ];
  return ['| | |', '| --- | --- |', ...rows.map(([name, value]) => `| ${name} | ${value} |`)].join('\n');
}

function worstText({ metric, version, value, samples, limit, atMs }: WorstFigure): string {
  const of = samples === null || samples === 0 ? '' : `, n = ${samples}`;
  const [figure, bound] = [metricValue(metric, value), metricValue(metric, limit)];
  // Of a job or an instance it is empty: the title names it.
  const on = version === '' ? '' : ` on ${plain(version)}`;
  return `${metricLabel(metric)} ${figure}${on} (limit ${bound}${of}), ${instant(atMs)}`;
}

/** Nothing where no version was compared. */
function versions(lines: readonly ComparedLine[]): readonly string[] {
  if (lines.length === 0) return [];
  const rows = lines.map((line) => `| ${comparedCells(line).map(plain).join(' | ')} |`);
  const head = ['| Inputs since | Right | Right | Inputs that both answered | Difference | Interval (points) |'];
  return ['## Comparison of versions', [...head, '| --- | --- | --- | ---: | ---: | --- |', ...rows].join('\n')];
}

/** Whole instants: what a replay calls its days can stand in their place. */
function timeline(entries: readonly TimelineEntry[]): string {
  const rows = entries.map(
    ({ atMs, number, text }) => `| ${instant(atMs)} | <a id="event-${number}"></a>${number} | ${plain(text)} |`,
  );
  return ['| Time | Event | What happened |', '| --- | ---: | --- |', ...rows].join('\n');
}

function list(lines: readonly string[]): string {
  return lines.map((line) => `- ${linked(line)}`).join('\n');
}

function linked(text: string): string {
  return plain(text).replace(/\bevent (\d+)\b/g, '[event $1](#event-$1)');
}

/** Text that stays text: no markup, no table cell and no line ends in it. */
function plain(text: string): string {
  return text
    .replace(/[\r\n]+/g, ' ')
    .replace(/([\\`*_[\]|])/g, '\\$1')
    .replaceAll('<', '&lt;');
}
