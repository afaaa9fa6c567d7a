import { useRef, useState } from 'preact/hooks';
import type { IncidentSummaryView } from '../../../src/read-model/incident-views';
import { readPage, type Page } from './read';
import { useRead } from './use-read';

const aPage = 100;
/** As many as the server gives at once. */
const most = 1000;
/** Long lists are read less often. */
const restMs = 2000;

export interface Incidents {
  /** All that are open and the newest of the others, the newest first; `null` before they are read. */
  readonly incidents: readonly IncidentSummaryView[] | null;
  /** How many there are. */
  readonly total: number;
  /** Reads older ones as well; `null` when all are there, or as many as a page shows. */
  readonly more: (() => void) | null;
  readonly error: string | null;
}

/** The incidents of an environment: the newest ones, more of them on demand, and every open one however old. */
export function useIncidents(base: string | null, change: number): Incidents {
  const [asked, ask] = useState({ base, limit: aPage });
  const limit = asked.base === base ? asked.limit : aPage;
  const path = base && `${base}/incidents`;
  const rest = limit > aPage ? restMs : 0;
  const read = readPage<IncidentSummaryView>;
  const open = useLasting(base, useRead(path && `${path}?state=open&limit=${most}`, change, rest, read).value);
  const newest = useRead(path && `${path}?limit=${limit}`, change, rest, read);
  const page = useLasting(base, newest.value);
  if (page === null || open === null) return { incidents: null, total: 0, more: null, error: newest.error };
  const shown = new Map([...open.rows, ...page.rows].map((each) => [each.id, each]));
  const incidents = [...shown.values()].sort((a, b) => b.openedAtMs - a.openedAtMs || (a.id < b.id ? -1 : 1));
  const hasMore = page.total > page.rows.length && limit < most;
  const more = hasMore ? () => ask({ base, limit: Math.min(most, limit + aPage) }) : null;
  return { incidents, total: page.total, more, error: newest.error };
}

/** What was read last, while more of the same is being read. */
function useLasting<T>(base: string | null, value: Page<T> | null): Page<T> | null {
  const last = useRef({ base, value });
  if (value !== null || last.current.base !== base) last.current = { base, value };
  return last.current.value;
}
