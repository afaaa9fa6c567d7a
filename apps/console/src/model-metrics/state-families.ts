import { formatDuration } from '@moola/contracts/definitions/durations';
import { segmentPair } from '@moola/wording/segments';
import type { AlertView, Verdict } from '../read-model/views.js';
import { labelsOf, perVersion, versionLabels, type ExposedVersion, type Family, type Sample } from './model-family.js';

const verdicts: readonly Verdict[] = ['within', 'out', 'unknown'];

/** How versions stand: which build, budget, alerts. */
export function stateFamilies(versions: readonly ExposedVersion[]): Family[] {
  return [
    {
      name: 'moola_model_version_info',
      help: 'A version whose figures are here, its build, and whether somebody declared the model.',
      labels: [...versionLabels, 'build', 'declared'],
      samples: versions.map((each) => ({
        labels: { ...labelsOf(each), build: each.version.build, declared: String(each.model.declared) },
        value: 1,
      })),
    },
    {
      name: 'moola_model_budget_window_info',
      help: "The window over which the version's budget is judged, as the label window of its figures.",
      labels: [...versionLabels, 'window'],
      samples: versions.flatMap((each) => {
        const { budgetWindowMs } = each.version;
        if (budgetWindowMs === null) return [];
        return [{ labels: { ...labelsOf(each), window: formatDuration(budgetWindowMs) }, value: 1 }];
      }),
    },
    {
      name: 'moola_model_budget_state',
      help: '1 for the state that the gates of the budget are in, 0 for the others: within, out, unknown.',
      labels: [...versionLabels, 'state'],
      samples: versions.flatMap((each) =>
        verdicts.map((state) => ({
          labels: { ...labelsOf(each), state },
          value: each.version.verdict === state ? 1 : 0,
        })),
      ),
    },
    {
      name: 'moola_model_budget_line_out',
      help: '1 while a line of the budget is out, 0 while it is within; not there while it is unknown. segment: of a line on one.',
      labels: [...versionLabels, 'metric', 'gate', 'segment'],
      samples: versions.flatMap(linesOut),
    },
    perVersion('moola_model_known_good', '1 once the version is known good, else 0.', versions, ({ version }) =>
      version.knownGood ? 1 : 0,
    ),
    alerts('moola_model_alert_pending', "1 while the rule's condition holds, not yet long enough, else 0.", 'pending'),
    alerts('moola_model_alert_firing', "1 while the rule's alert fires, else 0.", 'firing'),
    alerts(
      'moola_model_alert_held_back',
      '1 while a pending alert is held back, by the alert of another rule or as its own has as many firing as it may, else 0.',
      ({ state, inhibitedBy }) => state === 'pending' && inhibitedBy !== '',
    ),
  ];

  /** Several lines on one figure are one series: 1 while any of them is out. */
  function linesOut(each: ExposedVersion): Sample[] {
    const samples = new Map<string, Sample>();
    for (const { metric, gate, segment, verdict } of each.version.lines) {
      if (verdict === 'unknown') continue;
      const place = { metric, gate: String(gate), ...(segment && { segment: `${segment.key}=${segment.value}` }) };
      const key = JSON.stringify(place);
      const value = Math.max(verdict === 'out' ? 1 : 0, samples.get(key)?.value ?? 0);
      samples.set(key, { labels: { ...labelsOf(each), ...place }, value });
    }
    return [...samples.values()];
  }

  function alerts(name: string, help: string, is: AlertView['state'] | ((alert: AlertView) => boolean)): Family {
    const holds = typeof is === 'string' ? ({ state }: AlertView) => state === is : is;
    return {
      ...{
        name,
        help: `${help} segment: of a rule on one.`,
        labels: [...versionLabels, 'rule', 'severity', 'segment'],
      },
      samples: versions.flatMap((each) =>
        each.model.alerts.flatMap((alert) => {
          if (alert.version !== each.version.version) return [];
          const { rule, severity, segment } = alert;
          const of = { rule, severity, ...(segment && { segment: segmentPair(segment) }) };
          return [{ labels: { ...labelsOf(each), ...of }, value: holds(alert) ? 1 : 0 }];
        }),
      ),
    };
  }
}
