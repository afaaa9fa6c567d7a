import type { z } from 'zod';

type Deep<T> = T extends readonly (infer Each)[]
  ? readonly Deep<Each>[]
  : T extends object
    ? { readonly [Key in keyof T]: Deep<T[Key]> }
    : T;

/** The type of what a schema describes, not to be changed by whoever holds it. */
export type ViewOf<Schema extends z.ZodType> = Deep<z.infer<Schema>>;
