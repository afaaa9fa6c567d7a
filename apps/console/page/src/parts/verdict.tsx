import type { Verdict as VerdictName } from '../../../src/read-model/views';

const words = { within: 'within budget', out: 'out of budget', unknown: 'not enough data' } as const;
const tones = { within: 'good', out: 'bad', unknown: 'unsure' } as const;

export function Verdict({ verdict }: { readonly verdict: VerdictName }) {
  return <span class={`badge ${tones[verdict]}`}>{words[verdict]}</span>;
}
