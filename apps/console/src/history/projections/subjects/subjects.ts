import type { Figure, Snapshot } from '@moola/contracts/gen/moola/v1/snapshots_pb';
import { topics } from '@moola/contracts/topics';
import { figures, putFigures } from '../figures-table.js';
import type { Projection } from '../projection.js';

interface Published {
  readonly dimension: 'job' | 'instance' | 'measurement';
  readonly member: string;
  readonly figures: readonly Figure[];
}

function publishedBy({ kind }: Snapshot): Published | null {
  if (kind.case === 'job') return { dimension: 'job', member: kind.value.job, figures: kind.value.figures };
  if (kind.case === 'instance')
    return { dimension: 'instance', member: kind.value.instance, figures: kind.value.figures };
  if (kind.case === 'measurement' && !kind.value.other)
    return { dimension: 'measurement', member: kind.value.measurement, figures: kind.value.figures };
  return null;
}

/** The figures of training jobs, instances and measurements. */
export const subjects: Projection<Snapshot> = {
  ...{ name: 'subjects', topic: topics.snapshots, tables: [figures] },
  take(snapshot, sink) {
    const published = publishedBy(snapshot);
    if (published === null) return;
    const { dimension, member } = published;
    const of = { model: snapshot.model, version: '', role: 'unknown', windowMs: 0, serving: false, dimension, member };
    putFigures(sink, snapshot.atMs, of, published.figures);
  },
};
