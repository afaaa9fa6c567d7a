import { useMemo, useRef } from 'preact/hooks';
import type { HistoryRowsView } from '../../../src/history/api/views';
import type { HistoryView } from '../../../src/read-model/views';
import { spanOf, type Range } from '../data/range';
import { readHistory } from '../data/read-history';
import { useRead } from '../data/use-read';
import { historyPath, pointsOf, type Missing } from './from-history';
import type { ShownHistory } from './metrics';

interface Asked {
  readonly base: string;
  readonly model: string;
  readonly metric: string;
  readonly shown: ShownHistory;
  readonly range: Range;
  readonly clockMs: number | null;
}

/** What a chart shows of a range. */
export interface Past {
  /** `null` before the first answer. */
  readonly answer: HistoryRowsView | null;
  readonly points: HistoryView['points'];
  readonly missing: readonly Missing[];
  readonly error: string | null;
}

/** Reads a range from history; the last answer stays while the next is under way. */
export function usePast({ range, clockMs, ...asked }: Asked): Past {
  const isRead = range.name !== 'live' && clockMs !== null;
  const path = isRead ? historyPath({ ...asked, ...spanOf(range, clockMs) }) : null;
  const { value, error } = useRead<HistoryRowsView>(path, 0, 0, readHistory);
  const key = `${asked.model}/${asked.metric}/${range.name}/${JSON.stringify(asked.shown)}`;
  const kept = useRef<{ key: string; answer: HistoryRowsView | null }>({ key, answer: null });
  if (value !== null) kept.current = { key, answer: value };
  else if (kept.current.key !== key) kept.current = { key, answer: null };
  const { answer } = kept.current;
  const read = useMemo(
    () => (answer === null ? { points: [], missing: [] } : pointsOf(answer, asked.metric)),
    [answer],
  );
  return { answer, error, ...read };
}
