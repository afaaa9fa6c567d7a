import { describe, expect, it } from '@jest/globals';
import { Random } from '../../simulated/random.js';
import { fairShares, nextAssignment, type MemberClaim } from './assigner.js';

const members = (claims: Record<string, number[]>): MemberClaim[] =>
  Object.entries(claims).map(([id, held]) => ({ id, held }));
const plain = (assignment: Map<string, number[]>) => Object.fromEntries([...assignment].sort());

describe('fair shares', () => {
  it.each([
    ['one member gets all', 3, { a: [] }, { a: [0, 1, 2] }],
    ['members who hold nothing share evenly', 4, { a: [], b: [] }, { a: [0, 1], b: [2, 3] }],
    ['what does not divide goes to the first', 5, { a: [], b: [] }, { a: [0, 1, 2], b: [3, 4] }],
    ['… or to who holds more already', 5, { a: [], b: [1, 2, 4] }, { a: [0, 3], b: [1, 2, 4] }],
    ['who holds its share keeps it', 4, { a: [1, 3], b: [0, 2] }, { a: [1, 3], b: [0, 2] }],
    ['a newcomer gets what others have too much', 4, { a: [0, 1, 2, 3], b: [] }, { a: [0, 1], b: [2, 3] }],
    ['what a member left goes where too little is', 4, { a: [0], b: [2, 3] }, { a: [0, 1], b: [2, 3] }],
    ['with too many members some get none', 2, { a: [], b: [1], c: [] }, { a: [0], b: [1], c: [] }],
    ['partitions that there are not are left out', 2, { a: [0, 1, 2, 9, -1] }, { a: [0, 1] }],
    ['what two claim one of them keeps', 2, { a: [0], b: [0] }, { a: [0], b: [1] }],
    ['nobody gets nothing', 3, {}, {}],
  ])('%s', (_title, partitions, claims, shares) => {
    expect(plain(fairShares(partitions, members(claims as Record<string, number[]>)))).toEqual(shares);
  });

  it('do not depend on the order of the members', () => {
    const claims = members({ a: [3], b: [], c: [0, 1, 4], d: [] });
    expect(plain(fairShares(7, [...claims].reverse()))).toEqual(plain(fairShares(7, claims)));
  });
});

describe('the next assignment', () => {
  it.each([
    ['gives nobody what another still holds', 4, { a: [0, 1, 2, 3], b: [] }, { a: [0, 1], b: [] }],
    ['gives it away when it was let go', 4, { a: [0, 1], b: [] }, { a: [0, 1], b: [2, 3] }],
    ['gives nobody what two claim', 2, { a: [0], b: [0, 1] }, { a: [], b: [] }],
  ])('%s', (_title, partitions, claims, assignment) => {
    expect(plain(nextAssignment(partitions, members(claims as Record<string, number[]>)))).toEqual(assignment);
  });

  it('leads to fair shares in two rounds, with one owner at a time, whoever comes and goes', () => {
    const random = new Random(7);
    let held = new Map<string, number[]>();
    for (let round = 0; round < 300; round++) {
      const partitions = 12;
      const name = `m${random.below(6)}`;
      if (held.has(name)) held.delete(name);
      else held.set(name, []);
      let before = held;
      for (let step = 0; step < 2; step++) {
        held = nextAssignment(partitions, members(Object.fromEntries(before)));
        for (const [id, share] of held) {
          for (const partition of share) {
            for (const [other, others] of before) if (other !== id) expect(others).not.toContain(partition);
          }
        }
        before = held;
      }
      if (held.size === 0) continue;
      expect([...held.values()].flat().sort((a, b) => a - b)).toEqual(Array.from({ length: partitions }, (_, n) => n));
      const sizes = [...held.values()].map(({ length }) => length);
      expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
    }
  });
});
