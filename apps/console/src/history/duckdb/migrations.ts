/** What brings a file to a format, beside tables and columns, which are added by themselves. */
export interface Migration {
  readonly to: number;
  readonly statements: readonly string[];
}

/** In order. None yet: format 1 is the first one. */
export const migrations: readonly Migration[] = [];
