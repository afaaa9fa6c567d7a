/** Whether the number of a field of an event, or of what it holds, is known. */
export const eventFields = (field: number): boolean => field <= 2 || (field >= 10 && field <= 14);
export const predictionFields = (field: number): boolean => field <= 15;
export const outcomeFields = (field: number): boolean => field <= 7;
export const timestampFields = (field: number): boolean => field <= 2;
