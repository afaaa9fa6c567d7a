/** The name of a topic in the log: `moola.<environment>.<name>.v1`. */
export function topicName(environment: string, topic: { readonly name: string }): string {
  return `moola.${environment}.${topic.name}.v1`;
}
