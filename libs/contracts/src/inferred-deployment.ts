/** Who deployed a version of which no deployment event tells: it was seen to answer as primary. */
export const inferredBy = 'inferred from predictions';

/** Whether a deployment was inferred. @param by who deployed the version */
export const isInferred = (by: string): boolean => by === inferredBy;
