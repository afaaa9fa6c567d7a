import { instant } from './instants.js';

/** A version that serves without a deployment event: `v8 answers since 2026-06-02 10:32:00 UTC; no deployment event was sent`. */
export function undeployedText(version: string, sinceMs: number): string {
  return `${version} answers since ${instant(sinceMs)}; no deployment event was sent`;
}
