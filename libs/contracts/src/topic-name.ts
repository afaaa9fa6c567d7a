/** The name of a topic in the log: `moola.<environment>.<name>.v1`. */
export function topicName(environment: string, topic: { readonly name: string }): string {
  return `moola.${environment}.${topic.name}.v1`;
}

/** The name of a topic of the whole installation: `moola.<name>.v1`. No environment's topic has one of three parts. */
export function installationTopicName(topic: { readonly name: string }): string {
  return `moola.${topic.name}.v1`;
}
