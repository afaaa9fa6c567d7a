import { labelsText } from '@moola/wording/annotations';
import type { Notice } from './channel.js';

/** Where people read more: `Incident: https://…`, `Runbook: …`. Neither may be there. */
export function moreLines({ url, runbook, labels }: Pick<Notice, 'url' | 'runbook' | 'labels'>): readonly string[] {
  return [
    ...(url === '' ? [] : [`Incident: ${url}`]),
    ...(runbook === '' ? [] : [`Runbook: ${runbook}`]),
    ...(Object.keys(labels).length === 0 ? [] : [`Labels: ${labelsText(labels)}`]),
  ];
}

/** A runbook that is an address, so that it can be opened. */
export function isAddress(runbook: string): boolean {
  return /^https?:\/\/\S+$/.test(runbook);
}
