import { segmentText } from '@moola/wording/segments';
import type { AlertView } from '../../../src/read-model/views';

/** What an alert or an incident is about: `v7`, `v7, country de`, `job fit-7`. */
export const about = ({ version, subject, segment }: Pick<AlertView, 'version' | 'subject' | 'segment'>): string => {
  if (subject !== null) return `${subject.kind} ${subject.name}`;
  return segment === null ? version : `${version}, ${segmentText(segment)}`;
};

/** What holds a pending alert back; empty: nothing. */
export const heldBack = ({ rule, inhibitedBy }: Pick<AlertView, 'rule' | 'inhibitedBy'>): string => {
  if (inhibitedBy === '') return '';
  return inhibitedBy === rule
    ? 'held back: its rule has as many alerts firing as it may'
    : `inhibited: ${inhibitedBy} fires`;
};
