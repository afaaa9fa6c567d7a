/** What makes an incident one and no other. */
export interface IncidentName {
  readonly model: string;
  readonly rule: string;
  /** Of the responder that counts: 0, another number once it had to start from nothing and counts anew. */
  readonly life: number;
  /** 1, 2, 3 … within (model, rule, life). */
  readonly count: number;
}

/**
 * `<model>~<rule>~<n>`. A model's name may hold any printable character; a rule's holds no "~", and neither does the
 * number: read from its end an id has one meaning, so two incidents never share one.
 */
export function incidentId({ model, rule, life, count }: IncidentName): string {
  return `${model}~${rule}~${life === 0 ? '' : `${life}.`}${count}`;
}
