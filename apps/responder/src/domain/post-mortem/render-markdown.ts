import type { PostMortem, TimelineEntry } from '@moola/contracts/gen/moola/v1/incidents_pb';
import type { Incident } from '../incidents/incident.js';
import { spoken } from '@moola/wording/durations';
import { clockTime, day, instant } from '@moola/wording/instants';
import { dollars } from '@moola/wording/money';
import { severityWord, tierNames } from '@moola/wording/names';

/** The post-mortem as a document (GitHub-flavoured Markdown). "event 9" anywhere links to the timeline's line 9. */
export function renderMarkdown(postMortem: PostMortem, incident: Incident): string {
  const sections = [
    `# Post-mortem: ${plain(postMortem.title)}`,
    facts(postMortem, incident),
    '## Root cause',
    `**Technical.** ${linked(postMortem.rootCauseTechnical)}`,
    `**Process.** ${linked(postMortem.rootCauseProcess)}`,
    '## Business impact',
    linked(postMortem.businessImpact),
    '## Timeline',
    ...timeline(postMortem.timeline),
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

function facts(postMortem: PostMortem, incident: Incident): string {
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
    ['Acknowledged by', incident.acknowledgedBy === '' ? 'nobody' : plain(incident.acknowledgedBy)],
    ...(incident.runbook ? [['Runbook', plain(incident.runbook)] as const] : []),
    ...(incident.gate ? [['Cost', dollars(postMortem.costUsd)] as const] : []),
  ];
  return ['| | |', '| --- | --- |', ...rows.map(([name, value]) => `| ${name} | ${value} |`)].join('\n');
}

/** A table a day. */
function timeline(entries: readonly TimelineEntry[]): readonly string[] {
  const byDay = new Map<string, TimelineEntry[]>();
  for (const entry of entries) {
    const key = day(entry.atMs);
    byDay.set(key, [...(byDay.get(key) ?? []), entry]);
  }
  return [...byDay].map(([date, ofDay]) => {
    const rows = ofDay.map(
      ({ atMs, number, text }) => `| ${clockTime(atMs)} | <a id="event-${number}"></a>${number} | ${plain(text)} |`,
    );
    return [`**${date}** (UTC)`, '', '| Time | Event | What happened |', '| --- | ---: | --- |', ...rows].join('\n');
  });
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
