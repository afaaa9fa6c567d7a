/**
 * The address at which the console opens an incident; empty where nobody said at which address browsers reach it.
 * @param publicUrl such as `https://moola.example.com`; undefined or empty where it is not set
 */
export function incidentUrl(publicUrl: string | undefined, environment: string, incident: string): string {
  if (publicUrl === undefined || publicUrl === '') return '';
  const base = publicUrl.replace(/[?#].*$/, '').replace(/\/+$/, '');
  return `${base}/?environment=${encodeURIComponent(environment)}#/incidents/${encodeURIComponent(incident)}`;
}

/** A post-mortem with the address of its incident below its title. It is written without: addresses may change. */
export function withIncidentUrl(markdown: string, url: string): string {
  return url === ''
    ? markdown
    : markdown.replace(/^(# .*)$/m, (title) => `${title}\n\n[The incident on the console](<${url}>)`);
}
