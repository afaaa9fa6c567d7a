import type { HistoryView } from '../../../src/read-model/views';
import { span } from '../words/format';
import type { ShownHistory } from './metrics';

interface WindowSwitchProps {
  readonly history: HistoryView;
  readonly choose: (shown: ShownHistory) => void;
}

/** Over which window the chart is drawn, or by the time of the predictions; only where there is a choice. */
export function WindowSwitch({ history, choose }: WindowSwitchProps) {
  const { by, windows, windowMs, byPredictionTimeSinceMs } = history;
  const choices = windows.length + Number(byPredictionTimeSinceMs !== null);
  if (choices < 2) return null;
  return (
    <div class="switch windows" role="group" aria-label="Window of the chart">
      {windows.map((each) => (
        <button
          key={each}
          aria-pressed={by === 'window' && each === windowMs}
          onClick={() => choose({ by: 'window', windowMs: each })}
        >
          {span(each)}
        </button>
      ))}
      {byPredictionTimeSinceMs !== null && (
        <button
          aria-pressed={by === 'prediction-time'}
          title="Closed buckets by the time of the predictions: late and backfilled events stand where they happened"
          onClick={() => choose({ by: 'prediction-time' })}
        >
          By prediction time
        </button>
      )}
    </div>
  );
}
