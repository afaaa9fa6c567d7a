import { createHash } from 'node:crypto';
import type { Notice } from '../channel.js';
import { limited, oneLine } from '../limited-text.js';
import { isAddress } from '../more.js';

/** Limits of the Events API v2: https://developer.pagerduty.com/docs/events-api-v2/trigger-events/ */
const longestSummary = 1024;
const longestDedupKey = 255;
/** The whole event may have 512 KB; nothing that we say is near that. */
const longestText = 32_000;

const severities: Readonly<Record<string, string>> = {
  info: 'info',
  warning: 'warning',
  critical: 'critical',
  emergency: 'critical',
};

/**
 * An event of the Events API v2. A `note` is a trigger with its incident's key: PagerDuty adds it to the log of the open
 * alert and pages nobody anew.
 */
export function pagerDutyEvent(notice: Notice, routingKey: string): object {
  const { eventAction, model, incident, audience, severity, title, text, atMs, runbook, url } = notice;
  const action = eventAction === 'acknowledge' || eventAction === 'resolve' ? eventAction : 'trigger';
  const common = { routing_key: routingKey, event_action: action, dedup_key: dedupKey(notice.dedupKey) };
  if (action !== 'trigger') return common;
  const links = [
    ...(url === '' ? [] : [{ href: url, text: 'Open the incident' }]),
    ...(isAddress(runbook) ? [{ href: runbook, text: 'Runbook' }] : []),
  ];
  return {
    ...common,
    client: 'moola',
    ...(url === '' ? {} : { client_url: url }),
    ...(links.length === 0 ? {} : { links }),
    payload: {
      summary: oneLine(title, longestSummary) || 'moola',
      source: model || 'moola',
      severity: severities[severity] ?? 'error',
      timestamp: new Date(atMs).toISOString(),
      component: model || 'moola',
      class: eventAction,
      custom_details: {
        ...{ text: limited(text, longestText), incident, audience, severity },
        ...(runbook === '' ? {} : { runbook }),
        ...(Object.keys(notice.labels).length > 0 && { labels: notice.labels }),
      },
    },
  };
}

/** A longer key keeps its beginning and ends in a hash of the whole. */
function dedupKey(key: string): string {
  if (key.length <= longestDedupKey) return key;
  const suffix = `~${createHash('sha256').update(key).digest('hex').slice(0, 16)}`;
  return key.slice(0, longestDedupKey - suffix.length) + suffix;
}
