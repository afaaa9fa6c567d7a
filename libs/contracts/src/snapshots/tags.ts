/** Field numbers and wire types of `SnapshotRows`, `Snapshot`, `WindowSnapshot` and `Figure`, for what is written and read by hand. */
export const rowsTag = { rows: 0x0a, repeatedFigures: 0x12 } as const;
export const snapshotTag = { atMs: 0x09, model: 0x12, window: 0x52 } as const;
export const windowTag = { version: 0x0a, role: 0x10, serving: 0x18, windowMs: 0x21, figures: 0x2a } as const;
export const figureTag = {
  metric: 0x0a,
  value: 0x11,
  samples: 0x19,
  lower: 0x21,
  upper: 0x29,
  effective: 0x31,
} as const;
