import type { z } from 'zod';

/** A field as the file writes it: its schema without default, and the default. */
export interface Field {
  readonly name: string;
  readonly schema: z.core.$ZodType;
  readonly required: boolean;
  readonly fallback: unknown;
}

/** The fields of a section, of the items of a list of sections, or of what may stand in one place; none for anything else. */
export function fieldsOf(schema: z.core.$ZodType): readonly Field[] {
  const { schema: bare } = unwrapped(schema);
  const { def } = bare._zod as z.core.$ZodTypes['_zod'];
  if (def.type === 'array') return fieldsOf(def.element);
  if (def.type === 'union') return def.options.flatMap(fieldsOf);
  if (def.type !== 'object') return [];
  return Object.entries(def.shape).map(([name, field]) => ({ name, ...unwrapped(field) }));
}

/** The names of the fields that stand at a path. */
export function fieldNamesAt(schema: z.core.$ZodType, path: readonly PropertyKey[]): readonly string[] {
  let at: z.core.$ZodType | undefined = schema;
  for (const step of path) {
    if (typeof step === 'number') continue;
    at = at && fieldsOf(at).find((field) => field.name === step)?.schema;
  }
  return at ? fieldsOf(at).map((field) => field.name) : [];
}

function unwrapped(schema: z.core.$ZodType): Omit<Field, 'name'> {
  const { def } = schema._zod as z.core.$ZodTypes['_zod'];
  switch (def.type) {
    case 'optional':
      return { ...unwrapped(def.innerType), required: false };
    case 'default':
    case 'prefault':
      return { ...unwrapped(def.innerType), required: false, fallback: def.defaultValue };
    default:
      return { schema, required: true, fallback: undefined };
  }
}
