import type { Figure, Snapshot, SubjectKind as WireKind } from '@moola/contracts/gen/moola/v1/snapshots_pb';
import type { FiguresOf, SubjectName } from '@moola/metrics/subject-metric';

/** The name of those that are counted together: none that a sender can give. */
export const otherSubjects = '';

/** A kind of thing that is watched beside versions, such as training jobs: its record, and what is said of it. */
export interface SubjectKind<
  S extends SubjectName = SubjectName,
  Rec = unknown,
  Report = unknown,
  Estimates = unknown,
> {
  /** As definitions and keys of entries have it. */
  readonly name: S;
  readonly wire: WireKind;
  /** Format of its entries. */
  readonly format: number;
  /** How many of a model are kept. */
  readonly most: number;
  /** What becomes of reports of one more: others make room for it, or all such reports are of one that has no name. */
  readonly beyondMost?: 'counted together';
  /** Whom a report is about. */
  nameOf(report: Report): string;
  begin(timeMs: number): Rec;
  observe(record: Rec, report: Report, timeMs: number): void;
  /** What is computed from the record alone, anew only when that has changed. */
  estimates(record: Rec): Estimates;
  figures(record: Rec, estimates: Estimates, nowMs: number): FiguresOf[S];
  /** Its alerts end: nothing more is to come. */
  isOver(record: Rec): boolean;
  /** When it is forgotten if nothing more is heard of it. */
  forgottenAtMs(record: Rec): number;
  /** Its state in a word, which time alone may change: it is published when the word is another one. */
  state(record: Rec, nowMs: number): string;
  snapshot(record: Rec, view: SubjectView<Estimates>): Snapshot['kind'];
  /** What is published of one that is not kept any longer. */
  forgotten(name: string): Snapshot['kind'];
}

/** What is published of one beside its record. */
export interface SubjectView<Estimates> {
  readonly name: string;
  readonly estimates: Estimates;
  readonly state: string;
  readonly figures: Figure[];
  readonly undeclared: boolean;
}
