import type { Incident } from '../incidents/incident.js';
import { spoken } from '@moola/wording/durations';
import { dollars, howToDeclareValue, whyNotPriced } from '@moola/wording/money';
import type { Story } from './story.js';

/** What it cost, in money where the model's value is declared, and always in time. */
export function businessImpact(incident: Incident, story: Story): string {
  const end = incident.resolvedAtMs ?? incident.openedAtMs;
  const time = `${spoken(end - incident.breachAtMs)} from breach to resolution, ${spoken(end - incident.openedAtMs)} of them as an open incident.`;
  if (!incident.gate) return `Not priced: ${whyNotPriced(incident.breach?.subject)}. ${time}`;
  if (story.valuePerPredictionUsd === null) {
    return `Not quantified in money: ${howToDeclareValue(incident.model)} ${time}`;
  }
  const value = dollars(story.valuePerPredictionUsd);
  return `${dollars(incident.costUsd)} lost from the breach to the resolution: the shortfall of accuracy against the budget × predictions × ${value} a correct one. ${time}`;
}
