import type { LabelTier } from './intervals.js';
import type { WindowView } from './window-view.js';

/** A version, or one segment of its traffic: what figures are read from. */
export interface MeasuredPart {
  view(windowMs: number): WindowView;
  /** Its right answers in the tier that serves a window. */
  labelTier(windowMs: number): LabelTier;
}
