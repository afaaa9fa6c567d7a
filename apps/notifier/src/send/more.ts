import type { Notice } from './channel.js';

/** Where people read more: `Incident: https://…`, `Runbook: …`. Neither may be there. */
export function moreLines({ url, runbook }: Pick<Notice, 'url' | 'runbook'>): readonly string[] {
  return [...(url === '' ? [] : [`Incident: ${url}`]), ...(runbook === '' ? [] : [`Runbook: ${runbook}`])];
}

/** A runbook that is an address, so that it can be opened. */
export function isAddress(runbook: string): boolean {
  return /^https?:\/\/\S+$/.test(runbook);
}
