import { describeProblem } from '@moola/contracts/definitions/problems';
import { z } from 'zod';

const definitionProblem = z.object({
  file: z.string(),
  line: z.number(),
  document: z.number(),
  subject: z.string(),
  path: z.string(),
  detail: z.string(),
});
const oneProblem = z.union([z.string(), definitionProblem.transform(describeProblem)]);
const refusal = z.object({ message: z.union([oneProblem, z.array(oneProblem)]) });

/** What a server's refusal says, one problem a line; `null` when it is not ours. */
export function problemIn(text: string): string | null {
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    return null;
  }
  const { success, data } = refusal.safeParse(body);
  if (!success) return null;
  return typeof data.message === 'string' ? data.message : data.message.join('\n');
}
