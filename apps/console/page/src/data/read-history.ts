import type { HistoryRowsView } from '../../../src/history/api/views';
import { read } from './read';

/** So many answers are put together at most. */
const mostAnswers = 5;

/** Reads all rows of a query of history. */
export async function readHistory(path: string): Promise<HistoryRowsView> {
  const first = await read<HistoryRowsView>(path);
  const rows = [...first.rows];
  let { next } = first;
  for (let answers = 1; next !== null && answers < mostAnswers; answers++) {
    const more: HistoryRowsView = await read<HistoryRowsView>(`${path}&after=${encodeURIComponent(next)}`);
    rows.push(...more.rows);
    next = more.next;
  }
  return { ...first, rows, next };
}
