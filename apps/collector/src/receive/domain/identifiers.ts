import { ScalarType, type DescMessage } from '@bufbuild/protobuf';
import { fieldClassOf } from '@moola/contracts/field-class';
import { FieldClass } from '@moola/contracts/gen/moola/v1/options_pb';
import { EventSchema, type Event } from '@moola/contracts/gen/moola/v1/telemetry_pb';

/** Where identifiers lie in a message: its own texts, and those of the messages that it holds. */
interface Identifiers {
  readonly texts: readonly string[];
  readonly within: ReadonlyMap<string, Identifiers>;
}

/** Replaces the identifiers of an event (fields of class `FIELD_CLASS_IDENTIFIER`), in place. */
export function replaceIdentifiers({ kind }: Event, replace: (identifier: string) => string): void {
  const identifiers = kind.case === undefined ? undefined : ofEvents.within.get(kind.case);
  if (identifiers) replaceIn(kind.value as unknown as Fields, identifiers, replace);
}

type Fields = Record<string, unknown>;

function replaceIn(message: Fields, { texts, within }: Identifiers, replace: (identifier: string) => string): void {
  for (const name of texts) {
    const text = message[name] as string;
    if (text !== '') message[name] = replace(text);
  }
  for (const [name, identifiers] of within) {
    const held = message[name] as Fields | undefined;
    if (held) replaceIn(held, identifiers, replace);
  }
}

function identifiersOf({ fields }: DescMessage): Identifiers {
  const texts: string[] = [];
  const within = new Map<string, Identifiers>();
  for (const field of fields) {
    if (field.fieldKind === 'message') {
      const inner = identifiersOf(field.message);
      if (inner.texts.length + inner.within.size > 0) within.set(field.localName, inner);
    } else if (field.fieldKind === 'scalar' && field.scalar === ScalarType.STRING) {
      if (fieldClassOf(field) === FieldClass.IDENTIFIER) texts.push(field.localName);
    }
  }
  return { texts, within };
}

const ofEvents = identifiersOf(EventSchema);
