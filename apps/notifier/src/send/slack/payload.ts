import type { Notice } from '../channel.js';
import { labelsText } from '@moola/wording/annotations';
import { limited, oneLine } from '../limited-text.js';
import { isAddress, moreLines } from '../more.js';
import { sections } from './sections.js';

/** Limits of Slack's block kit: https://api.slack.com/reference/block-kit/blocks */
const longestHeader = 150;
const longestSection = 3000;
const mostBlocks = 50;

/** The body of an incoming webhook: blocks for Slack, and all of it as text for peers that know no blocks. */
export function slackPayload(notice: Notice): object {
  const { severity, model, incident, eventAction, title, text } = notice;
  const links = linksOf(notice);
  const more = moreLines(notice).map((line) => `\n${escaped(line)}`);
  const about = [severity.toUpperCase(), eventAction, model, incident].filter((part) => part !== '').join(' · ');
  return {
    text: withEnd(`*${escaped(title)}*\n${escaped(text)}`, more.join(''), longestSection),
    blocks: [
      { type: 'header', text: { type: 'plain_text', text: oneLine(title, longestHeader) || 'moola', emoji: false } },
      ...sections(text, longestSection, mostBlocks - 2 - links.length).map((part) => ({
        type: 'section',
        text: { type: 'mrkdwn', text: part },
      })),
      ...links.map((link) => ({ type: 'section', text: { type: 'mrkdwn', text: link } })),
      { type: 'context', elements: [{ type: 'plain_text', text: oneLine(about, longestSection), emoji: false }] },
    ],
  };
}

/** One section with what can be opened; none where there is nothing. */
function linksOf({ url, runbook, labels }: Notice): readonly string[] {
  const links = [
    ...(url === '' ? [] : [`<${escaped(url)}|Open the incident>`]),
    ...(runbook === '' ? [] : [isAddress(runbook) ? `<${address(runbook)}|Runbook>` : `Runbook: ${escaped(runbook)}`]),
    ...(Object.keys(labels).length === 0 ? [] : [`Labels: ${escaped(labelsText(labels))}`]),
  ];
  return links.length === 0 ? [] : [limited(links.join('   '), longestSection)];
}

/** A bar would end the address within a link. */
function address(url: string): string {
  return escaped(url).replaceAll('|', '%7C');
}

/** A text that is cut where it and its end are too long; the end stays whole. */
function withEnd(text: string, end: string, longest: number): string {
  return end.length >= longest ? limited(text + end, longest) : limited(text, longest - end.length) + end;
}

/** Slack reads `&`, `<` and `>` as its own marks. */
function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
