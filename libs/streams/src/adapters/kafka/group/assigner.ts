/** A member of a group, and the partitions that it holds at present. */
export interface MemberClaim {
  readonly id: string;
  readonly held: readonly number[];
}

/**
 * Which partitions each member is to have in the end: as many each, give or take one, and what a member holds it keeps up to
 * its share. Depends on what is claimed only, not on the order of the members.
 */
export function fairShares(partitions: number, members: readonly MemberClaim[]): Map<string, number[]> {
  const byHolding = [...members].sort((a, b) => b.held.length - a.held.length || compare(a.id, b.id));
  const least = Math.floor(partitions / Math.max(1, members.length));
  const largest = partitions - least * members.length;
  const taken = new Set<number>();
  const shares = byHolding.map(({ id, held }, rank) => {
    const size = rank < largest ? least + 1 : least;
    const kept = [...new Set(held)]
      .filter((partition) => partition >= 0 && partition < partitions && !taken.has(partition))
      .sort((a, b) => a - b)
      .slice(0, size);
    for (const partition of kept) taken.add(partition);
    return { id, size, partitions: kept };
  });
  const free = Array.from({ length: partitions }, (_, partition) => partition).filter(
    (partition) => !taken.has(partition),
  );
  for (const share of shares) share.partitions.push(...free.splice(0, share.size - share.partitions.length));
  return new Map(shares.map(({ id, partitions: share }) => [id, share.sort((a, b) => a - b)]));
}

/**
 * What each member may have now. A partition that another member still holds is given to nobody: its holder lets it go,
 * says so by joining again, and then it is given away. So each partition has one owner at a time, and work goes on meanwhile.
 */
export function nextAssignment(partitions: number, members: readonly MemberClaim[]): Map<string, number[]> {
  const assignment = fairShares(partitions, members);
  for (const [id, share] of assignment) {
    const elsewhere = new Set(members.filter((member) => member.id !== id).flatMap(({ held }) => held));
    assignment.set(
      id,
      share.filter((partition) => !elsewhere.has(partition)),
    );
  }
  return assignment;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
