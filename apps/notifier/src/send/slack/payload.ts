import type { DeliveryIntent } from '@moola/contracts/gen/moola/v1/actions_pb';
import { limited, oneLine } from '../limited-text.js';
import { sections } from './sections.js';

/** Limits of Slack's block kit: https://api.slack.com/reference/block-kit/blocks */
const longestHeader = 150;
const longestSection = 3000;
const mostBlocks = 50;

/** The body of an incoming webhook: blocks for Slack, and all of it as text for peers that know no blocks. */
export function slackPayload(intent: DeliveryIntent): object {
  const { severity, model, incident, eventAction, title, text } = intent;
  const about = [severity.toUpperCase(), eventAction, model, incident].filter((part) => part !== '').join(' · ');
  return {
    text: limited(`*${escaped(title)}*\n${escaped(text)}`, longestSection),
    blocks: [
      { type: 'header', text: { type: 'plain_text', text: oneLine(title, longestHeader) || 'moola', emoji: false } },
      ...sections(text, longestSection, mostBlocks - 2).map((part) => ({
        type: 'section',
        text: { type: 'mrkdwn', text: part },
      })),
      { type: 'context', elements: [{ type: 'plain_text', text: oneLine(about, longestSection), emoji: false }] },
    ],
  };
}

/** Slack reads `&`, `<` and `>` as its own marks. */
function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
