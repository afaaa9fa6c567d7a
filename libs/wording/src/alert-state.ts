import { AlertState } from '@moola/contracts/gen/moola/v1/snapshots_pb';

/** A state of an alert as API and command line name it. */
export type AlertStateName = 'inactive' | 'pending' | 'firing' | 'resolved';

export const alertStateName: Readonly<Record<AlertState, AlertStateName>> = {
  [AlertState.UNSPECIFIED]: 'inactive',
  [AlertState.INACTIVE]: 'inactive',
  [AlertState.PENDING]: 'pending',
  [AlertState.FIRING]: 'firing',
  [AlertState.RESOLVED]: 'resolved',
};
