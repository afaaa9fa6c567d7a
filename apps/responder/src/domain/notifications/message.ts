/** What PagerDuty-like peers do with a message of an incident; `note` only adds to what is known. */
export type EventAction = 'trigger' | 'acknowledge' | 'resolve' | 'note';

/** Something that people should hear, before it is addressed. */
export interface Message {
  readonly action: EventAction;
  /** One line, for a subject or a headline. */
  readonly title: string;
  readonly text: string;
}

const BY_WEIGHT: readonly EventAction[] = ['resolve', 'trigger', 'acknowledge', 'note'];

/** What is said of an incident at one time, as one message: the first one's title, and a paragraph of each. */
export function folded(model: string, [first, ...others]: readonly Message[]): Message {
  if (first === undefined) return { action: 'note', title: '', text: '' };
  const actions = [first, ...others].map(({ action }) => action);
  return {
    action: BY_WEIGHT.find((action) => actions.includes(action)) ?? first.action,
    title: first.title,
    text: [first.text, ...others.map((message) => paragraph(model, message))].join('\n'),
  };
}

/** `Rollback held, no comparison yet. v2 goes on serving …` */
function paragraph(model: string, { title, text }: Message): string {
  const said = title.startsWith(`${model}: `) ? title.slice(model.length + 2) : title;
  return `${said.charAt(0).toUpperCase()}${said.slice(1)}. ${text}`;
}
