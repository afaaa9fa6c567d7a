import type { AlertQualityView, RuleQualityView } from '../../../src/read-model/alert-quality-views';
import { useMe } from '../data/me';
import { useCommand } from '../data/use-command';
import { useRead } from '../data/use-read';
import { breakable } from './budget-table';
import { ActorField, useActor } from './actor-field';
import { percent } from '../words/format';
import { CommandState } from './command-state';

interface AlertQualityProps {
  readonly base: string;
  readonly model: string;
  readonly change: number;
  readonly decides: 'yes' | 'the replay has ended';
}

/** How often each rule of a model was wrong, by what people said of its incidents. */
export function AlertQuality({ base, model, change, decides }: AlertQualityProps) {
  const { value } = useRead<AlertQualityView>(`${base}/alert-quality`, change);
  const rules = value?.rules.filter((rule) => rule.model === model) ?? [];
  if (value === null || (rules.length === 0 && decides !== 'yes')) return null;
  const { targets } = value;
  return (
    <section class="panel" aria-label="Alert quality">
      <h3>Alert quality</h3>
      {rules.length === 0 && <p class="quiet">No incident to judge yet.</p>}
      {rules.length > 0 && (
        <div class="scroll">
          <table class="versions">
            <thead>
              <tr>
                <th>Rule</th>
                <th>Real</th>
                <th>False</th>
                <th>Unclear</th>
                <th>Unjudged</th>
                <th>Missed</th>
                <th>False positives</th>
                <th>False negatives</th>
              </tr>
            </thead>
            <tbody>
              {rules.map((rule) => (
                <tr key={rule.rule}>
                  <th scope="row">{rule.rule === '' ? 'no rule named' : breakable(rule.rule)}</th>
                  <td>{rule.real}</td>
                  <td>{rule.false}</td>
                  <td>{rule.unclear}</td>
                  <td>{rule.unjudged}</td>
                  <td>{rule.missed}</td>
                  <Rate
                    rate={rule.falsePositiveRate}
                    part={rule.false}
                    {...{ rule }}
                    target={targets.falsePositiveRate}
                  />
                  <Rate
                    rate={rule.falseNegativeRate}
                    part={rule.missed}
                    {...{ rule }}
                    target={targets.falseNegativeRate}
                  />
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      <p class="quiet">
        Targets: false positives below {percent(targets.falsePositiveRate)}, false negatives below{' '}
        {percent(targets.falseNegativeRate)}. Judge each incident on its own.
      </p>
      {decides === 'yes' && (
        <details class="judge">
          <summary>Report an incident that no alert fired for</summary>
          <MissedForm {...{ base, model, change }} />
        </details>
      )}
    </section>
  );
}

interface RateProps {
  readonly rate: number | null;
  readonly part: number;
  readonly rule: RuleQualityView;
  readonly target: number;
}

/** No rate without what it rests on. */
function Rate({ rate, part, rule, target }: RateProps) {
  if (rate === null) return <td class="quiet">unknown</td>;
  return <td class={rate < target ? '' : 'bad'}>{`${percent(rate)} (${part} of ${part + rule.real})`}</td>;
}

function MissedForm({ base, model, change }: Pick<AlertQualityProps, 'base' | 'model' | 'change'>) {
  const [actor, setActor] = useActor();
  const sent = useCommand(base, change);
  const me = useMe();
  if (me === null) return null;
  const may = me.may.includes('operator');
  const report = (event: SubmitEvent) => {
    event.preventDefault();
    const given = new FormData(event.currentTarget as HTMLFormElement);
    const text = (name: string) => (given.get(name) as string | null) ?? '';
    // Browsers leave seconds out that are zero.
    const [from, to] = ['from', 'to'].map((name) => `${text(name).padEnd(19, ':00')}Z`);
    const by = me.authenticated ? {} : { actor };
    sent.send(`${base}/missed-incidents`, { ...by, model, from, to, rule: text('rule'), note: text('note') });
  };
  return (
    <form class="command" onSubmit={report} aria-label="Missed incident">
      <label>
        From <small>UTC</small>
        <input required type="datetime-local" name="from" step={1} disabled={!may} />
      </label>
      <label>
        To <small>UTC</small>
        <input required type="datetime-local" name="to" step={1} disabled={!may} />
      </label>
      <label>
        Rule <small>that should have fired, optional</small>
        <input name="rule" disabled={!may} />
      </label>
      <label>
        Note <small>optional</small>
        <input name="note" maxLength={1000} disabled={!may} />
      </label>
      {!me.authenticated && <ActorField actor={actor} change={setActor} />}
      <div class="actions">
        <button disabled={!may}>Report</button>
      </div>
      <CommandState {...sent} />
    </form>
  );
}
