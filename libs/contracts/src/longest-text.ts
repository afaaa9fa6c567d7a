/** Longest texts of events, in UTF-16 code units. */
export const longestText = { name: 256, input: 512, text: 1024 } as const;
