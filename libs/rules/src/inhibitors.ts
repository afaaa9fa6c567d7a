interface Named {
  readonly name: string;
}

/**
 * Rules in an order in which each comes after those that hold it back; otherwise as they stand. Where they hold each other
 * back in a circle, which `check` refuses, one of them comes first.
 */
export function inhibitorsFirst<T extends Named>(
  rules: readonly T[],
  unless: (rule: T) => readonly string[],
): readonly T[] {
  if (rules.every((rule) => unless(rule).length === 0)) return rules;
  const byName = new Map(rules.map((rule) => [rule.name, rule]));
  const ordered = new Set<T>();
  const visited = new Set<T>();
  const visit = (rule: T): void => {
    if (visited.has(rule)) return;
    visited.add(rule);
    for (const name of unless(rule)) {
      const inhibitor = byName.get(name);
      if (inhibitor !== undefined) visit(inhibitor);
    }
    ordered.add(rule);
  };
  rules.forEach(visit);
  return [...ordered];
}
