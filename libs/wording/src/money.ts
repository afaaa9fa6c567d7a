/** `$0.12`, `$1,204.50`; below a cent with as many digits as tell: `$0.0042`. US dollars. */
export function dollars(usd: number): string {
  const size = Math.abs(usd);
  if (size > 0 && size < 0.01)
    return `${usd < 0 ? '-' : ''}$${Number(size.toPrecision(2)).toFixed(6).replace(/0+$/, '')}`;
  const [whole = '0', cents = '00'] = size.toFixed(2).split('.');
  return `${usd < 0 ? '-' : ''}$${whole.replace(/\B(?=(\d{3})+$)/g, ',')}.${cents}`;
}

/** Why an incident has no cost. @param subject the job or instance that it is about */
export const whyNotPriced = (subject: object | null | undefined): string =>
  subject ? 'only answers of models are priced' : 'only lines with `gate: true` have a cost';

/** What a person does so that money can be told of a model. */
export function howToDeclareValue(model: string): string {
  return `nobody declared what an answer is worth (moola apply a "kind: Value" document named ${model}, with valuePerPrediction).`;
}
