import { figureValue } from '@moola/metrics/figure-value';
import { byteCount } from '@moola/wording/bytes';
import { useState } from 'preact/hooks';
import type { EstimateView, JobSummaryView, JobView } from '../../../src/read-model/subject-views';
import { readPage, type Page } from '../data/read';
import { useRead } from '../data/use-read';
import { count, counted, metricValue, percent, span } from '../words/format';
import { Instant } from '../words/instant';
import { Curve } from './curve';

/** As many as are listed; `moola jobs list` has all. */
const shown = 8;
const restMs = 2000;
const tones = { stalled: 'bad', failed: 'bad', running: 'good', finished: 'none' } as const;

interface JobListProps {
  readonly base: string;
  readonly model: string;
  readonly change: number;
}

/** The training jobs of a model; the one that wants to be looked at first is open. */
export function JobList({ base, model, change }: JobListProps) {
  const [chosen, choose] = useState<string | null>(null);
  const query = `${base}/jobs?model=${encodeURIComponent(model)}&limit=${shown}`;
  const { value: page } = useRead<Page<JobSummaryView>>(query, change, restMs, readPage<JobSummaryView>);
  const open = page?.rows.find(({ job }) => job === chosen) ?? page?.rows[0];
  const path = `${base}/models/${encodeURIComponent(model)}/jobs/`;
  const { value: job } = useRead<JobView>(open ? path + encodeURIComponent(open.job) : null, change, restMs);
  if (page === null || open === undefined) return null;
  return (
    <section aria-label="Training jobs">
      <h3>Training jobs {page.total > shown && <small>{`${shown} of ${count(page.total)}`}</small>}</h3>
      <ul class="jobs">
        {page.rows.map((each) => (
          <li key={each.job}>
            <button aria-expanded={each.job === open.job} onClick={() => choose(each.job)}>
              <span class={`badge ${tones[each.state]}`}>{each.state}</span>
              <strong>{each.job}</strong>
              <Steps job={each} />
              {each.timeLeftMs !== null && <span>{span(each.timeLeftMs.value)} left</span>}
            </button>
            {each.job === open.job && job?.job === open.job && <JobDetails job={job} />}
          </li>
        ))}
      </ul>
    </section>
  );
}

function Steps({ job: { step, totalSteps } }: { readonly job: JobSummaryView }) {
  if (totalSteps === null) return <span>step {count(step)}</span>;
  return (
    <span class="steps">
      <progress value={step} max={totalSteps} aria-label="Steps" /> {percent(step / totalSteps)}
    </span>
  );
}

function JobDetails({ job }: { readonly job: JobView }) {
  const { losses, memory, memoryBytes, memoryLimitBytes, timeLeftMs, outOfMemoryInMs } = job;
  return (
    <div class="job">
      <dl class="figures">
        <Entry
          name="Step"
          value={job.totalSteps === null ? count(job.step) : `${count(job.step)} of ${count(job.totalSteps)}`}
        />
        {job.stepsPerSecond !== null && (
          <Entry name="Pace" value={metricValue('job_step_rate', job.stepsPerSecond.value)} />
        )}
        {timeLeftMs !== null && <Entry name="Time left" value={span(timeLeftMs.value)} more={range(timeLeftMs)} />}
        {job.loss !== null && <Entry name="Loss" value={lossText(job.loss)} />}
        {memoryBytes !== null && (
          <Entry
            name="Memory"
            value={byteCount(memoryBytes)}
            more={memoryLimitBytes === null ? null : `of ${byteCount(memoryLimitBytes)}`}
          />
        )}
        {outOfMemoryInMs !== null && (
          <Entry name="Out of memory in" value={span(outOfMemoryInMs.value)} more={range(outOfMemoryInMs)} />
        )}
        {job.endedMs === null && <Entry name="Since the last step" value={withoutProgress(job)} />}
        <Entry
          name="Checkpoints"
          value={`${count(job.checkpointsSaved)} saved`}
          more={job.checkpointsFailed > 0 ? `${count(job.checkpointsFailed)} failed` : null}
        />
      </dl>
      <div class="curves">
        {losses.length > 1 && (
          <figure>
            <Curve label="Loss over steps" points={losses.map(({ step, loss }) => [step, loss])} />
            <figcaption>
              Loss {lossText(losses[0]?.loss ?? null)} to {lossText(losses.at(-1)?.loss ?? null)}, step{' '}
              {count(losses[0]?.step ?? 0)} to {count(job.step)}
            </figcaption>
          </figure>
        )}
        {memory.length > 1 && (
          <figure>
            <Curve
              label="Memory over time"
              points={memory.map(({ timeMs, bytes: used }) => [timeMs, used])}
              limit={memoryLimitBytes}
            />
            <figcaption>
              Memory{memoryLimitBytes !== null && ' and its limit'}, since <Instant atMs={memory[0]?.timeMs ?? 0} />
            </figcaption>
          </figure>
        )}
      </div>
      <small>
        Started <Instant atMs={job.startedMs} />, last step <Instant atMs={job.progressedMs} />
        {job.endedMs !== null && (
          <>
            , ended <Instant atMs={job.endedMs} />
          </>
        )}
        {job.outOfMemory > 0 && `, out of memory ${counted(job.outOfMemory, 'time')}`}
        {job.restarts > 0 && `, ${counted(job.restarts, 'restart')}`}
        {job.late > 0 && `, ${counted(job.late, 'late report')}`}
      </small>
    </div>
  );
}

const lossText = (loss: number | null): string => (loss === null ? '–' : String(Number(loss.toPrecision(4))));

function withoutProgress({ figures }: JobView): string {
  return metricValue('job_without_progress', figureValue(figures, 'job_without_progress'));
}

function Entry({
  name,
  value,
  more,
}: {
  readonly name: string;
  readonly value: string;
  readonly more?: string | null;
}) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>
        {value}
        {more && <small> {more}</small>}
      </dd>
    </div>
  );
}

/** `1 h to 2 h`; nothing where both read alike. */
function range({ lower, upper }: NonNullable<EstimateView>): string | null {
  if (lower === null) return null;
  if (upper === null) return `at least ${span(lower)}`;
  return span(lower) === span(upper) ? null : `${span(lower)} to ${span(upper)}`;
}
