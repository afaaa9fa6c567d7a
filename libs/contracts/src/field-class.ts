import { getOption, hasOption, type DescField } from '@bufbuild/protobuf';
import { FieldClass, default_field_class, field_class } from './gen/moola/v1/options_pb.js';

/**
 * What a field may reveal: its own class, else its file's. A field that holds a message has none of its own: the message's
 * fields have theirs. Not stated anywhere: `UNSPECIFIED`, to be treated as sensitive.
 */
export function fieldClassOf(field: DescField): FieldClass {
  if (hasOption(field, field_class)) return getOption(field, field_class);
  const { file } = field.parent;
  return hasOption(file, default_field_class) ? getOption(file, default_field_class) : FieldClass.UNSPECIFIED;
}
