import type { IncidentJudged, MissedReported } from '@moola/contracts/gen/moola/v1/incidents_pb';
import { AlertVerdict } from '@moola/contracts/gen/moola/v1/signals_pb';
import { actorText } from './actor.js';
import { instant } from './instants.js';

/** A verdict as API and command line name it. */
export type VerdictName = 'real' | 'false' | 'unclear';

export const verdictNames: readonly VerdictName[] = ['real', 'false', 'unclear'];

const values: Readonly<Record<VerdictName, AlertVerdict>> = {
  real: AlertVerdict.REAL,
  false: AlertVerdict.FALSE,
  unclear: AlertVerdict.UNCLEAR,
};

export const verdictOf = (name: VerdictName): AlertVerdict => values[name];

/** Empty for none. */
export function verdictName(verdict: AlertVerdict): VerdictName | '' {
  return verdictNames.find((name) => values[name] === verdict) ?? '';
}

const said: Readonly<Record<VerdictName, string>> = {
  real: 'a real incident',
  false: 'a false alarm',
  unclear: 'unclear whether it was real',
};

/** `a false alarm, says maria: labels were late`. */
export function verdictText(judged: Pick<IncidentJudged, 'verdict' | 'note' | 'by' | 'authenticated'>): string {
  const name = verdictName(judged.verdict);
  const note = judged.note === '' ? '' : `: ${judged.note}`;
  return `${name === '' ? 'no verdict' : said[name]}, says ${actorText(judged.by, judged.authenticated)}${note}`;
}

export const judgedText = (judged: IncidentJudged): string => `Verdict: ${verdictText(judged)}`;

export function missedText({ fromMs, toMs, rule, note, by, authenticated }: MissedReported): string {
  const which = rule === '' ? 'No alert fired' : `${rule} did not fire`;
  const why = note === '' ? '' : `: ${note}`;
  return `${which} from ${instant(fromMs)} to ${instant(toMs)}, reports ${actorText(by, authenticated)}${why}`;
}
