import type { AlertView } from '../../../src/read-model/views';

/** What an alert or an incident is about: `v7`, `job fit-7`. */
export const about = ({ version, subject }: Pick<AlertView, 'version' | 'subject'>): string =>
  subject === null ? version : `${subject.kind} ${subject.name}`;
