import { templateProblem } from './annotation-template.js';
import { labelNamePattern, labelValuePattern, sentencePattern, text, textMap, type Issue } from './fields.js';

/** What a rule and a budget line say in their own words. */
export const annotationFields = {
  labels: textMap(
    { doc: 'What its alerts carry along into messages, API and page, such as `team: fraud`.' },
    labelNamePattern,
    labelValuePattern,
    20,
  ).default({}),
  summary: text(
    { doc: 'One sentence for those who are notified. A [template](semantics.md#templates).' },
    sentencePattern,
  ).default(''),
  description: text(
    { doc: 'What they should know beside it. A [template](semantics.md#templates).' },
    sentencePattern,
  ).default(''),
};

interface Annotated {
  readonly labels: Readonly<Record<string, string>>;
  readonly summary: string;
  readonly description: string;
}

/** What is wrong with the templates. @param added a label that its alerts carry beside those that it states; `null`: none */
export function annotationIssues(annotated: Annotated, added: string | null = null): Issue[] {
  const labels = [...Object.keys(annotated.labels), ...(added === null ? [] : [added])];
  return (['summary', 'description'] as const).flatMap((field) => {
    const message = templateProblem(annotated[field], labels);
    return message === null ? [] : [{ path: [field], message }];
  });
}
