import { noNumbers, type NamedNumbers } from '@moola/contracts/columns/named-numbers';
import { isEmpty, noSegments, type Segments } from '@moola/contracts/columns/segments';

/** Segments, probabilities or features, as the text that a page has of them: most rows have none. */
export function mapText(map: Segments | NamedNumbers): string {
  return isEmpty(map) ? '' : JSON.stringify(map);
}

export function segmentsOf(text: string): Segments {
  return text === '' ? noSegments : (JSON.parse(text) as Segments);
}

export function numbersOf(text: string): NamedNumbers {
  return text === '' ? noNumbers : (JSON.parse(text) as NamedNumbers);
}

/** The numbers of these names. */
export function numbersNamed(names: readonly string[], numbers: NamedNumbers): NamedNumbers {
  const named = names.filter((name) => Object.hasOwn(numbers, name)).map((name) => [name, numbers[name] as number]);
  return named.length === 0 ? noNumbers : (Object.fromEntries(named) as NamedNumbers);
}
