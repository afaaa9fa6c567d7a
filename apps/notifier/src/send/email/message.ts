import { createHash } from 'node:crypto';
import MailComposer from 'nodemailer/lib/mail-composer';
import type { Notice } from '../channel.js';
import { limited, oneLine } from '../limited-text.js';
import { moreLines } from '../more.js';

const longestSubject = 200;
const longestText = 100_000;

export interface Addresses {
  readonly from: string;
  readonly to: readonly string[];
}

export interface BuiltMessage {
  readonly envelope: { readonly from: string; readonly to: string[] };
  readonly bytes: Buffer;
}

/**
 * A message as it goes over the wire. All messages of an incident answer the same one, that was never sent, so that mail
 * programs show them as one thread; every attempt at one notification has the same `Message-ID`.
 */
export async function buildMessage(notice: Notice, { from, to }: Addresses, nowMs: number): Promise<BuiltMessage> {
  const { notification, dedupKey, severity, model, incident, eventAction, title, text } = notice;
  const domain = /@([^@>\s]+)>?\s*$/.exec(from)?.[1] ?? 'moola.invalid';
  const thread = `<${hash(dedupKey)}.thread@${domain}>`;
  const about = { severity, model, incident, action: eventAction };
  const footer = Object.entries(about).map(([name, value]) => `${name}: ${value}`);
  const isUrgent = severity === 'critical' || severity === 'emergency';
  const node = new MailComposer({
    from,
    to: [...to],
    date: new Date(nowMs),
    subject: oneLine(title, longestSubject),
    text: `${[limited(text, longestText), ...moreLines(notice)].join('\n')}\n\n-- \n${footer.join('\n')}\n`,
    messageId: `<${hash(`${notification}\n${to.join()}`)}.notification@${domain}>`,
    inReplyTo: thread,
    references: thread,
    priority: isUrgent ? 'high' : 'normal',
    headers: { 'Auto-Submitted': 'auto-generated', 'X-Moola-Incident': oneLine(incident, longestSubject) },
  }).compile();
  const envelope = node.getEnvelope();
  return { envelope: { from: envelope.from || '', to: [...envelope.to] }, bytes: await node.build() };
}

function hash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 32);
}
