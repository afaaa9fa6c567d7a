import type { IncidentSummaryView } from '../../../src/read-model/incident-views';
import { isGrave } from '../words/decision';

export function stateTone(incident: IncidentSummaryView): 'good' | 'bad' | 'unsure' {
  if (incident.state === 'resolved') return 'good';
  return isGrave(incident) ? 'bad' : 'unsure';
}
