/** How often each fault is tried, a step (`crash` to `storeWentBack`) or a write (`appendLost`, `saveLost`): 0 to 1. */
export interface FaultMix {
  /** A process dies; what it has under way is applied, lost, or applied much later. */
  readonly crash: number;
  /** A partition is given to another process, and the one that had it is not told yet. */
  readonly zombie: number;
  /** A partition is taken back in order, and given to another process. */
  readonly rebalance: number;
  /** A task's checkpoint is replaced by an older one, or vanishes. */
  readonly storeWentBack: number;
  /** A record is appended again by an upstream that starts over. */
  readonly repeatedInput: number;
  /** A second ticker appends the last tick once more, or an older one. */
  readonly secondTicker: number;
  /** An append's answer is lost; the append was applied, was not, or will be later. */
  readonly appendLost: number;
  /** A save's or an acquisition's answer is lost; it was applied or not. */
  readonly saveLost: number;
  /** The log loses an append that it acknowledges: what it must never do. */
  readonly recordLost: number;
  /** Poisoned rows, a schedule. */
  readonly poison: number;
}

export const defaultFaults: FaultMix = {
  crash: 0.012,
  zombie: 0.02,
  rebalance: 0.008,
  storeWentBack: 0.015,
  repeatedInput: 0.02,
  secondTicker: 0.01,
  appendLost: 0.04,
  saveLost: 0.04,
  recordLost: 0,
  poison: 2,
};

export const noFaults: FaultMix = {
  crash: 0,
  zombie: 0,
  rebalance: 0,
  storeWentBack: 0,
  repeatedInput: 0,
  secondTicker: 0,
  appendLost: 0,
  saveLost: 0,
  recordLost: 0,
  poison: 0,
};

/** How often a fault truly bit. */
export interface FaultCounts {
  /** Processes that died with something under way or not saved. */
  crashes: number;
  /** Writes of a dead process, or writes given up, that arrived later. */
  lateAppends: number;
  appendsLostApplied: number;
  appendsLostNotApplied: number;
  savesLostApplied: number;
  savesLostNotApplied: number;
  /** Appends that were acknowledged and are not in the log. */
  recordsLost: number;
  /** Gaps that tasks found in their input. */
  gapsTold: number;
  savesFenced: number;
  /** Acquisitions that read a state which changed under them. */
  acquisitionsStartedOver: number;
  zombies: number;
  rebalances: number;
  storesWentBack: number;
  /** Input records that an upstream appended again. */
  repeatedInputs: number;
  secondTickerTicks: number;
  /** Rows that tasks dropped since they were not newer than what they had seen. */
  rowsRepeated: number;
  /** Rows that stand more than once in an output. */
  rowsPublishedAgain: number;
  poisonedRows: number;
  /** Acquisitions that loaded a checkpoint. */
  restores: number;
}

export function noCounts(): FaultCounts {
  return {
    crashes: 0,
    lateAppends: 0,
    appendsLostApplied: 0,
    appendsLostNotApplied: 0,
    savesLostApplied: 0,
    savesLostNotApplied: 0,
    recordsLost: 0,
    gapsTold: 0,
    savesFenced: 0,
    acquisitionsStartedOver: 0,
    zombies: 0,
    rebalances: 0,
    storesWentBack: 0,
    repeatedInputs: 0,
    secondTickerTicks: 0,
    rowsRepeated: 0,
    rowsPublishedAgain: 0,
    poisonedRows: 0,
    restores: 0,
  };
}

export function addCounts(total: FaultCounts, counts: FaultCounts): void {
  for (const name of Object.keys(total) as (keyof FaultCounts)[]) total[name] += counts[name];
}
