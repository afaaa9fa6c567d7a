import type { IncidentSummaryView } from '../../../src/read-model/incident-views';
import type { ModelView } from '../../../src/read-model/views';
import { whyNotPriced } from '@moola/wording/money';
import { concernsOf, type Concerns } from '../words/budget';
import { incidentAddress } from '../data/address';
import { byGravity, decided, effect, isGrave, undecided, why, whyUndecided } from '../words/decision';
import { costText, counted, dollars } from '../words/format';
import { actorText } from '../words/actor';
import { Instant, Span } from '../words/instant';

interface StatusProps {
  readonly models: readonly ModelView[];
  readonly incidents: readonly IncidentSummaryView[];
  readonly clockMs: number | null;
}

/** At a glance: what is wrong, since when, what it costs, what was decided and why. */
export function Status({ models, incidents, clockMs }: StatusProps) {
  const [gravest, ...others] = incidents.filter(({ state }) => state !== 'resolved').sort(byGravity);
  if (gravest === undefined) return <AllWell models={models} incidents={incidents} />;
  const { decision, noDataSinceMs } = gravest;
  const open = new Set([gravest, ...others].map(({ model, rule }) => JSON.stringify([model, rule])));
  // A line whose incident was resolved by hand, or that no rule alerts for, is out all the same.
  const beside = concernsOf(models).out.filter(
    ({ model, rules }) => !rules.some((rule) => open.has(JSON.stringify([model, rule]))),
  );
  return (
    <section class={`status ${isGrave(gravest) ? 'grave' : 'mild'}`} aria-label="What is wrong">
      <div>
        <h2>
          <a href={incidentAddress(gravest.id)}>
            {gravest.title}, since <Instant atMs={gravest.breachAtMs} />
          </a>
        </h2>
        <p>
          {gravest.summary !== '' && `${gravest.summary.replace(/\.$/, '')}. `}
          {gravest.model}, {gravest.severity}
          {gravest.state === 'acknowledged'
            ? `, ${actorText(gravest.acknowledgedBy, gravest.acknowledgedByAuthenticated)} takes care of it`
            : ', nobody has acknowledged'}
          {others.length > 0 && `, and ${others.length} more open`}
        </p>
        {noDataSinceMs !== null && (
          <p>
            No data since <Instant atMs={noDataSinceMs} />: whether it is still so is not known.
          </p>
        )}
        {beside.length > 0 && <p>{`Out too, without an open incident: ${listed(beside)}`}</p>}
      </div>
      <dl>
        <div>
          <dt>Since</dt>
          <dd>
            <Instant atMs={gravest.breachAtMs} />
            {clockMs !== null && (
              <small>
                for <Span fromMs={gravest.breachAtMs} toMs={clockMs} />
              </small>
            )}
          </dd>
        </div>
        <div>
          <dt>Cost</dt>
          <dd>
            {costText(gravest)}
            <small>{costNow(gravest)}</small>
          </dd>
        </div>
        <div class="decision">
          <dt>Decided</dt>
          {decision === null ? (
            <dd>
              {undecided(gravest)}
              <small>{whyUndecided(gravest)}</small>
            </dd>
          ) : (
            <dd>
              {decided(decision)}
              <small>
                {why(decision)}. {effect(decision)}
              </small>
            </dd>
          )}
        </div>
      </dl>
    </section>
  );
}

function costNow({ subject, gate, costUsd, usdPerMinute }: IncidentSummaryView): string {
  if (!gate) return whyNotPriced(subject);
  if (costUsd === null) return 'nobody declared what an answer is worth';
  return usdPerMinute > 0 ? `and ${dollars(usdPerMinute)} a minute` : 'nothing more at present';
}

/** How many lines that are out are described in full. */
const mostShown = 3;

function listed(out: Concerns['out']): string {
  const more = out.length > mostShown ? [`And ${out.length - mostShown} more.`] : [];
  return [...out.slice(0, mostShown).map(({ text }) => text), ...more].join(' ');
}

function AllWell({ models, incidents }: Omit<StatusProps, 'clockMs'>) {
  const { out, unjudged } = concernsOf(models);
  const isWell = out.length + unjudged.length === 0;
  const last = [...incidents].sort((a, b) => (b.resolvedAtMs ?? 0) - (a.resolvedAtMs ?? 0)).find(isGrave);
  return (
    <section class={`status ${isWell ? 'well' : 'mild'}`} aria-label="What is wrong">
      <div>
        <h2>
          {out.length > 0 ? `No open incident, but ${counted(out.length, 'budget line')} out` : 'No open incident'}
        </h2>
        <p>
          {out.length > 0 && `${listed(out)} `}
          {unjudged.length > 0 && `Not enough data to judge ${unjudged.join(', ')}. `}
          {isWell && 'Every serving version is within its budget.'}
        </p>
      </div>
      {last !== undefined && last.resolvedAtMs !== null && (
        <dl>
          <div class="decision">
            <dt>Last critical incident</dt>
            <dd>
              <a href={incidentAddress(last.id)}>{last.title}</a>
              <small>
                <Instant atMs={last.breachAtMs} /> to <Instant atMs={last.resolvedAtMs} />, cost {costText(last)}
              </small>
            </dd>
          </div>
          {last.decision !== null && (
            <div class="decision">
              <dt>Decided</dt>
              <dd>
                {decided(last.decision)}
                <small>
                  {why(last.decision)}. {effect(last.decision)}
                </small>
              </dd>
            </div>
          )}
        </dl>
      )}
    </section>
  );
}
