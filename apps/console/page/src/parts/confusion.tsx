import type { ClassFiguresView } from '../../../src/read-model/breakdown-views';
import { count, percent } from '../words/format';

interface ConfusionProps {
  readonly classes: readonly ClassFiguresView[];
  /** A row for each truth, a column for each answer. */
  readonly confusion: readonly (readonly number[])[];
}

const nameOf = ({ name, other }: ClassFiguresView): string => (other ? 'others' : name);

/** What was answered against what was true: shaded by the share of each truth; beside it how each class fared. */
export function Confusion({ classes, confusion }: ConfusionProps) {
  if (classes.length === 0) return null;
  return (
    <div class="wide">
      <table class="confusion">
        <caption>Answers by truth</caption>
        <thead>
          <tr>
            <th scope="col">True</th>
            {classes.map((each) => (
              <th scope="col" key={nameOf(each)} title={`answered ${nameOf(each)}`}>
                {nameOf(each)}
              </th>
            ))}
            <th scope="col">Precision</th>
            <th scope="col">Recall</th>
            <th scope="col" class="more">
              F1
            </th>
          </tr>
        </thead>
        <tbody>
          {classes.map((truth, row) => (
            <tr key={nameOf(truth)}>
              <th scope="row">{nameOf(truth)}</th>
              {classes.map((answer, column) => {
                const cell = confusion[row]?.[column] ?? 0;
                const share = truth.truths === 0 ? 0 : cell / truth.truths;
                return (
                  <td
                    key={nameOf(answer)}
                    class={row === column ? 'cell right' : 'cell wrong'}
                    title={`${nameOf(truth)}, answered ${nameOf(answer)}: ${count(cell)}, ${percent(share)} of its truths`}
                  >
                    <svg class="shade" aria-hidden="true">
                      <rect width="100%" height="100%" fill-opacity={(0.75 * share).toFixed(3)} />
                    </svg>
                    <span>{cell === 0 ? '' : count(cell)}</span>
                  </td>
                );
              })}
              <td>{percent(truth.precision)}</td>
              <td>{percent(truth.recall)}</td>
              <td class="more">{percent(truth.f1)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
