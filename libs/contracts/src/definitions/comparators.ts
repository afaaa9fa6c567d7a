import { Comparator } from '../gen/moola/v1/definitions_pb.js';
import { number } from './fields.js';

/** The two fields of which a line or a rule has exactly one. */
export const limitFields = {
  below: number({ doc: 'It is out when the figure is less than this. Either this or `above`.' }).optional(),
  above: number({ doc: 'It is out when the figure is more than this. Either this or `below`.' }).optional(),
};

interface Limits {
  readonly below?: number | undefined;
  readonly above?: number | undefined;
}

/** Runs even where other fields are wrong, so that everything is told at once. */
export const oneLimit = {
  check: ({ below, above }: Limits): boolean => (below === undefined) !== (above === undefined),
  params: {
    error: ({ input }: { readonly input?: unknown }): string =>
      (input as Limits).below === undefined
        ? 'has no limit: give either below or above'
        : 'has two limits: give either below or above, not both',
    when: () => true,
  },
};

/** @returns the comparator and its limit; nothing where neither is given. */
export function comparatorOf({ below, above }: Limits): { comparator: Comparator; limit: number } {
  if (below !== undefined) return { comparator: Comparator.BELOW, limit: below };
  if (above !== undefined) return { comparator: Comparator.ABOVE, limit: above };
  return { comparator: Comparator.UNSPECIFIED, limit: 0 };
}
