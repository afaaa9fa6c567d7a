/**
 * A log in memory for one task: takes everything at once, and hands over these records in batches. `cpuSeconds` is what that took
 * after the assignment, the end included.
 * @param partitionsOf partitions of a topic, by its name
 * @param appended hears of each record that comes out
 */
export function memoryLog(records, batchRecords, partitionsOf, appended = () => undefined) {
  return {
    cpuSeconds: 0,
    partitionCount: async (topic) => partitionsOf(topic),
    bounds: async () => ({ first: 0, next: records.length }),
    read: async (at) => ({ ...at, records: [] }),
    append: async (_at, [value]) => {
      appended(value);
      return 0;
    },
    async join(_group, topic, member) {
      const at = { topic, partition: 0 };
      const assignment = { again: () => undefined, commit: () => undefined, committed: async () => null };
      await member.assigned(at, assignment);
      const begun = process.cpuUsage();
      for (let from = 0; from < records.length; from += batchRecords) {
        await member.batch({ ...at, records: records.slice(from, from + batchRecords) });
      }
      await member.revoked(at);
      const { user, system } = process.cpuUsage(begun);
      this.cpuSeconds = (user + system) / 1e6;
      return { close: async () => undefined, failed: new Promise(() => undefined) };
    },
  };
}

/** A store that keeps nothing, and takes every save. */
export const memoryStore = {
  acquire: async () => ({ checkpoint: null }),
  save: async (_task, { buildsOn }) => ({ saved: true, sequence: buildsOn + 1 }),
  owns: async () => true,
};
