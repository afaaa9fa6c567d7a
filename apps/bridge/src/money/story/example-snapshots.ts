import { BudgetVerdict, type Snapshot } from '@moola/contracts/gen/moola/v1/snapshots_pb';
import { Role } from '@moola/contracts/gen/moola/v1/telemetry_pb';
import {
  beforeEachTick,
  exampleStepMs,
  type ExampleStory,
  type StoryAnswer,
  type StoryDeployment,
} from '@moola/testing/example-story';
import type { TestRow } from '@moola/testing/run-processor';
import { bucket, budget, deployment, window, windowMs } from './snapshot-rows.js';

/** The minimum of labels and the limit of the example's accuracy line. */
const line = { minimumSamples: 60, limit: 0.8 };

/** What the tracker would publish of a story that is needed for its money, computed anew at every tick. */
export function exampleSnapshots({ definitions, deployments, answers, ticks }: ExampleStory): TestRow<Snapshot>[] {
  const rows: TestRow<Snapshot>[] = definitions.map((definition) => ({ definition }));
  const labelled = answers.filter(({ truth }) => truth !== '');
  const madeBefore = beforeEachTick(answers, ({ timeMs }) => timeMs);
  const knownBefore = beforeEachTick(labelled, ({ knownAtMs }) => knownAtMs);
  const deployedBefore = beforeEachTick(deployments, ({ timeMs }) => timeMs);
  const versions = [...new Set(deployments.map(({ version }) => version))].sort();
  const history = new History();
  const said = new Map<string, string>();
  let serving = '';
  for (const tick of ticks) {
    for (const each of deployedBefore(tick)) {
      rows.push({ data: deploymentRow(each) });
      if (each.role === Role.PRIMARY) serving = each.version;
    }
    for (const answer of madeBefore(tick)) history.count(answer, { predictions: 1, labelled: 0, correct: 0 });
    for (const answer of knownBefore(tick)) {
      history.count(answer, { predictions: 0, labelled: 1, correct: Number(answer.class === answer.truth) });
    }
    rows.push(...history.publish().map((data) => ({ data })));
    for (const version of versions) {
      const steps = Array.from({ length: windowMs / exampleStepMs }, (_, i) => knownBefore(tick - i * exampleStepMs));
      const labels = steps.flat().filter((answer) => answer.version === version);
      const right = labels.filter((answer) => answer.class === answer.truth).length;
      const accuracy = labels.length > 0 ? right / labels.length : undefined;
      rows.push({ data: window(version, labels.length, accuracy) });
      const verdict = verdictOf(labels.length, accuracy);
      const state = `${verdict} ${serving === version}`;
      if (said.get(version) !== state) rows.push({ data: budget(version, verdict, serving === version) });
      said.set(version, state);
    }
    rows.push({ tick });
  }
  return rows;
}

function deploymentRow({ version, timeMs, role, incident }: StoryDeployment): Snapshot {
  return deployment(version, timeMs / exampleStepMs, incident, role);
}

function verdictOf(samples: number, accuracy: number | undefined): BudgetVerdict {
  if (samples < line.minimumSamples || accuracy === undefined) return BudgetVerdict.UNKNOWN;
  return accuracy < line.limit ? BudgetVerdict.OUT : BudgetVerdict.WITHIN;
}

interface Counts {
  readonly predictions: number;
  readonly labelled: number;
  readonly correct: number;
}

/** Tumbling buckets by prediction time, and which have changed since they were published. */
class History {
  private readonly buckets = new Map<
    string,
    { row: readonly [string, Role, number]; counts: Counts; revision: number }
  >();
  private readonly changed = new Set<string>();

  count({ version, role, timeMs }: StoryAnswer, more: Counts): void {
    const at = Math.floor(timeMs / exampleStepMs);
    const key = `${version} ${role} ${at}`;
    const { counts, revision } = this.buckets.get(key) ?? {
      counts: { predictions: 0, labelled: 0, correct: 0 },
      revision: 0,
    };
    const sum = {
      predictions: counts.predictions + more.predictions,
      labelled: counts.labelled + more.labelled,
      correct: counts.correct + more.correct,
    };
    this.buckets.set(key, { row: [version, role, at], counts: sum, revision });
    this.changed.add(key);
  }

  publish(): Snapshot[] {
    const rows = [...this.changed].flatMap((key) => {
      const entry = this.buckets.get(key);
      if (!entry) return [];
      entry.revision += 1;
      return bucket(...entry.row, entry.revision, entry.counts);
    });
    this.changed.clear();
    return rows;
  }
}
