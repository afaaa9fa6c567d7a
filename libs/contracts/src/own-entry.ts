/** What stands in a record under a name that people choose: "constructor", which every object inherits, is nobody's. */
export function ownEntry<V>(record: Readonly<Record<string, V>> | undefined, name: string): V | undefined {
  return record !== undefined && Object.hasOwn(record, name) ? record[name] : undefined;
}
