import type { IncidentEvent } from '@moola/contracts/gen/moola/v1/incidents_pb';
import type { PairedComparison } from '@moola/contracts/gen/moola/v1/signals_pb';
import { differenceOf } from '@moola/wording/difference';
import { instant } from '@moola/wording/instants';
import { shareText, signedPoints } from '@moola/wording/points';
import type { Story } from './story.js';

/** A line of the table of versions: who was better than whom, on which inputs. */
export interface ComparedLine {
  readonly version: string;
  readonly other: string;
  /** When the version that served then had begun to. */
  readonly sinceMs: number;
  readonly comparison: PairedComparison;
}

/** The last comparison of each pair of versions, for each time of service that the incident saw, in order. */
export function comparedLines(story: Story): readonly ComparedLine[] {
  const last = new Map<string, ComparedLine>();
  const keep = (version: string, other: string, comparison: PairedComparison | undefined) => {
    if (comparison === undefined || other === '') return;
    const key = JSON.stringify([comparison.first, comparison.second, comparison.sinceMs]);
    last.set(key, { version, other, sinceMs: comparison.sinceMs, comparison });
  };
  for (const event of story.events) for (const line of of(event)) keep(line[0], line[1], line[2]);
  const change = story.events.findLast(({ kind }) => kind.case === 'servingChanged')?.kind;
  if (change?.case === 'servingChanged')
    keep(change.value.to, change.value.from, story.comparison(change.value.to, change.value.from));
  return [...last.values()];
}

type Triple = readonly [version: string, other: string, comparison: PairedComparison | undefined];

function of({ kind }: IncidentEvent): readonly Triple[] {
  switch (kind.case) {
    case 'decision':
      return [
        ...kind.value.lookedAt.map((looked): Triple => [looked.version, kind.value.from, looked.comparison]),
        [kind.value.to, kind.value.from, kind.value.comparison],
      ];
    case 'servingChanged':
    case 'verified':
      return [[kind.value.to, kind.value.from, kind.value.comparison]];
    default:
      return [];
  }
}

/** The cells of one line: both versions with their shares, the difference with its bounds. */
export function comparedCells({ version, other, sinceMs, comparison }: ComparedLine): readonly string[] {
  const { lower, upper, value, pairs } = differenceOf(comparison, version);
  const bounds = lower === null || upper === null ? 'too few' : `${signedPoints(lower)} to ${signedPoints(upper)}`;
  return [
    instant(sinceMs),
    `${version}: ${shareText(comparison, version)}`,
    `${other}: ${shareText(comparison, other)}`,
    `${pairs}`,
    `${signedPoints(value)} points`,
    bounds,
  ];
}
