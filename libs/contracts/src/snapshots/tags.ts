/** Field numbers and wire types of `Snapshot` and of those of its kinds that are written and read directly. */
export const snapshotTag = { atMs: 0x09, model: 0x12, window: 0x52, bucket: 0x5a, counts: 0x7a } as const;
export const windowTag = { version: 0x0a, role: 0x10, serving: 0x18, windowMs: 0x21, figures: 0x2a } as const;
export const figureTag = {
  metric: 0x0a,
  value: 0x11,
  samples: 0x19,
  lower: 0x21,
  upper: 0x29,
  effective: 0x31,
} as const;
