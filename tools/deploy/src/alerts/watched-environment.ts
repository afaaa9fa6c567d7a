/** The environment whose services must run and whose models Prometheus judges. */
export const watchedEnvironment = 'live';

/** As it stands in selectors; by these words the Helm chart can put another one in its place. */
export const inWatchedEnvironment = `environment="${watchedEnvironment}"`;
