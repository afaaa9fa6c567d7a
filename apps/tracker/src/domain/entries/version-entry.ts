import { isEmpty } from '@moola/contracts/columns/segments';
import type { Severity } from '@moola/contracts/gen/moola/v1/definitions_pb';
import { expectFormat } from '@moola/contracts/entry-format';
import { bucketFormat, olderBucketFormats } from '@moola/windows/bucket-store';
import type { PackedReader, PackedWriter } from '@moola/windows/packed-numbers';
import type { VersionRecord } from '../models/version-record.js';

/** First byte of an entry: the format of the buckets that follow the record. */
const format = bucketFormat;

/** What most versions have none of: alerts that were, and what they were like when they were known good. */
type Rare = Pick<VersionRecord, 'alerts' | 'baseline' | 'baselineCounts' | 'missingFigures'>;

/** As releases without levels wrote it: severities of rules that are gone while their alert has not ended. */
interface OlderRare extends Rare {
  readonly removedSeverities?: Readonly<Record<string, Severity>>;
}

/** Writes a version's record, without its buckets. */
export function writeVersion(record: VersionRecord, writer: PackedWriter): void {
  const { standing, publishedServing } = record;
  writer.number(format);
  writer.number(record.role);
  writer.flags([
    record.changed,
    record.unpublished,
    publishedServing !== null,
    publishedServing === true,
    standing.knownGood,
    standing.confirmed,
    standing.goodSinceMs !== null,
    record.breakdownDue,
  ]);
  writer.number(standing.verdict);
  writer.number(standing.lines.length);
  for (const verdict of standing.lines) writer.number(verdict);
  if (standing.goodSinceMs !== null) writer.double(standing.goodSinceMs);
  writer.text(rareText(record));
}

export function readVersion(key: string, reader: PackedReader): VersionRecord {
  const found = reader.number();
  expectFormat(key, found, format, olderBucketFormats);
  reader.format = found;
  const role = reader.number();
  const flags = reader.flags(8);
  const [changed = false, unpublished = false, hasPublished, publishedServing = false] = flags;
  const [knownGood = false, confirmed = false, isGood, breakdownDue = false] = flags.slice(4);
  const verdict = reader.number();
  const lines = Array.from({ length: reader.number() }, () => reader.number());
  const goodSinceMs = isGood ? reader.double() : null;
  const rare = reader.text();
  return {
    role,
    changed,
    unpublished,
    breakdownDue,
    standing: { verdict, lines, knownGood, goodSinceMs, confirmed },
    publishedServing: hasPublished ? publishedServing : null,
    ...(rare === '' ? { baseline: null, alerts: {} } : rareOf(JSON.parse(rare) as OlderRare)),
  };
}

function rareOf({ removedSeverities = {}, alerts, ...rare }: OlderRare): Rare {
  const severities = Object.entries(removedSeverities);
  const ending = severities.flatMap(([name, severity]) => {
    const alert = alerts[name];
    return alert === undefined ? [] : [[name, { ...alert, severity }] as const];
  });
  return { ...rare, alerts: { ...alerts, ...Object.fromEntries(ending) } };
}

function rareText({ alerts, baseline, baselineCounts, missingFigures }: VersionRecord): string {
  if (isEmpty(alerts) && baseline === null) return '';
  const rare: Rare = {
    ...{ alerts, baseline },
    ...(baselineCounts && { baselineCounts }),
    ...(missingFigures && { missingFigures }),
  };
  return JSON.stringify(rare);
}
