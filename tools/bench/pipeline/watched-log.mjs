/**
 * A log seen from beside: how far each task's checkpoints are, and what is appended. Topics can lie elsewhere, so that
 * many runs read the same filled topic and none writes into it.
 */
export class WatchedLog {
  /** By topic: what was appended. */
  appended = new Map();
  #committed = new Map();
  #waiting = null;

  /**
   * @param elsewhere by topic name, the topic that is read in its place
   * @param assigned hears of each partition that is assigned
   */
  constructor(log, elsewhere, assigned) {
    Object.assign(this, { log, elsewhere, assigned });
  }

  partitionCount(topic) {
    return this.log.partitionCount(this.#actual(topic));
  }

  bounds(at) {
    return this.log.bounds(this.#at(at));
  }

  read(at, from, maxBytes) {
    return this.log.read(this.#at(at), from, maxBytes);
  }

  waitFor(at, offset, signal) {
    return this.log.waitFor(this.#at(at), offset, signal);
  }

  flushed() {
    return this.log.flushed();
  }

  append(at, values, origin) {
    if (this.elsewhere[at.topic]) throw new Error(`${at.topic} is only read here`);
    const sum = this.appended.get(at.topic) ?? { records: 0, bytes: 0 };
    sum.records += values.length;
    for (const value of values) sum.bytes += value.length;
    this.appended.set(at.topic, sum);
    return this.log.append(at, values, origin);
  }

  join(group, topic, member) {
    const watched = {
      assigned: (at, assignment) => {
        this.assigned();
        return member.assigned(at, this.#watch(topic, at.partition, assignment));
      },
      batch: (batch) => member.batch(batch),
      revoked: (at) => member.revoked(at),
    };
    return this.log.join(group, this.#actual(topic), watched);
  }

  /** Resolves when a checkpoint of every partition holds what the topic holds now. */
  async checkpointed(topic) {
    const partitions = await this.partitionCount(topic);
    const ends = await Promise.all(
      Array.from({ length: partitions }, (_, partition) => this.bounds({ topic, partition })),
    );
    const reached = () =>
      ends.every(({ next }, partition) => (this.#committed.get(`${topic}/${partition}`) ?? 0) >= next);
    while (!reached()) await new Promise((resolve) => (this.#waiting = resolve));
  }

  #watch(topic, partition, assignment) {
    return {
      again: () => assignment.again(),
      committed: () => assignment.committed(),
      commit: (position) => {
        this.#committed.set(`${topic}/${partition}`, position);
        this.#waiting?.();
        assignment.commit(position);
      },
    };
  }

  #actual(topic) {
    return this.elsewhere[topic] ?? topic;
  }

  #at({ topic, partition }) {
    return { topic: this.#actual(topic), partition };
  }
}
