/** Rows as text, a line each, in which a difference can be read. */
export function linesOf(rows: readonly unknown[]): string[] {
  return rows.map((row) =>
    JSON.stringify(row, (_, value: unknown) => (typeof value === 'bigint' ? `${value}` : value)),
  );
}

/** The first line that differs; a diff of thousands of lines tells nobody anything. */
export function firstDifference(actual: readonly string[], expected: readonly string[]): string | null {
  for (let i = 0; i < Math.max(actual.length, expected.length); i++) {
    if (actual[i] !== expected[i]) return `row ${i} should be\n${expected[i]}\nbut is\n${actual[i]}`;
  }
  return null;
}
