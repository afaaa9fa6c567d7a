import { takeoverOfDeclared, takeoverOfUnanswered, takeoverOfUndeclared } from '../domain/serving.js';

interface NaiveService {
  readonly version: string;
  /** Its deployment's time, or that of its first answer. */
  readonly beganMs: number;
  /** When it was heard of: deployments, and answers a second apart at least. */
  readonly heardMs: number[];
  declared: boolean;
  told: boolean;
  inferred: boolean;
  answered: boolean;
  readonly rollback: boolean;
  /** Answers of another version since it was heard of last. */
  instead: { readonly version: string; readonly timeMs: number }[];
}

/** A deployment that follows from answers. */
export type Infer = (version: string, sinceMs: number) => void;

/** Who serves one model, written down as plainly as possible. */
export class NaiveServing {
  private service: NaiveService | null = null;

  answered(version: string, timeMs: number, infer: Infer): void {
    const service = (this.service ??= serviceOf(version, timeMs, { answered: true }));
    if (version === service.version) {
      if (!service.answered && timeMs < service.beganMs) return;
      const goesOn = service.instead.some((each) => each.timeMs <= timeMs);
      if (!goesOn && service.answered && timeMs < Math.max(...service.heardMs) + 1000) return;
      service.heardMs.push(timeMs);
      service.answered = true;
      service.instead = [];
      return;
    }
    const lastMs = Math.max(...service.heardMs);
    if (timeMs <= lastMs) return;
    service.instead = [...service.instead.filter((each) => each.version === version), { version, timeMs }];
    if (!service.answered && service.rollback) return;
    const unanswered = service.answered ? takeoverOfDeclared : takeoverOfUnanswered;
    const { answers, silenceMs } = service.declared ? unanswered : takeoverOfUndeclared;
    if (service.instead.length < answers || timeMs - lastMs <= silenceMs) return;
    if (!service.told) infer(service.version, service.beganMs);
    const sinceMs = Math.min(...service.instead.map((each) => each.timeMs));
    infer(version, sinceMs);
    const over = { answered: true, told: true, inferred: true, declared: service.declared };
    this.service = { ...serviceOf(version, sinceMs, over), heardMs: [timeMs] };
  }

  /** @returns whether the deployment is of a time before another version was seen to take over */
  deployed(version: string, timeMs: number, incident: string, infer: Infer): boolean {
    const { service } = this;
    if (service?.version === version) {
      service.heardMs.push(timeMs);
      if (service.instead.some((each) => each.timeMs <= timeMs)) service.instead = [];
      Object.assign(service, { declared: true, told: true, inferred: false });
      return false;
    }
    if (service?.inferred && timeMs < service.beganMs && incident === '') {
      service.declared = true;
      return true;
    }
    if (service && !service.told) infer(service.version, service.beganMs);
    this.service = serviceOf(version, timeMs, { declared: true, told: true, rollback: incident !== '' });
    return false;
  }
}

function serviceOf(version: string, beganMs: number, over: Partial<NaiveService>): NaiveService {
  const known = { declared: false, told: false, inferred: false, answered: false, rollback: false };
  return { version, beganMs, heardMs: [beganMs], instead: [], ...known, ...over };
}
