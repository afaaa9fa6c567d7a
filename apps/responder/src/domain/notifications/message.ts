/** What PagerDuty-like peers do with a message of an incident; `note` only adds to what is known. */
export type EventAction = 'trigger' | 'acknowledge' | 'resolve' | 'note';

/** Something that people should hear, before it is addressed. */
export interface Message {
  readonly action: EventAction;
  /** One line, for a subject or a headline. */
  readonly title: string;
  readonly text: string;
}
