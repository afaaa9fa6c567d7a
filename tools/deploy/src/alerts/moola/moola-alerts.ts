import type { Alert } from '../alert.js';
import { actionFails } from './action-fails.js';
import { checkpointDamaged } from './checkpoint-damaged.js';
import { checkpointOld } from './checkpoint-old.js';
import { connectionDown } from './connection-down.js';
import { consoleBehind } from './console-behind.js';
import { deadLetters } from './dead-letters.js';
import { deadManSwitch } from './dead-man-switch.js';
import { deliveryFails } from './delivery-fails.js';
import { eventLoopBusy } from './event-loop-busy.js';
import { httpErrors } from './http-errors.js';
import { infrastructureProblems } from './infrastructure-problems.js';
import { infrastructureUnanswered } from './infrastructure-unanswered.js';
import { instanceDisconnected } from './instance-disconnected.js';
import { instanceDown } from './instance-down.js';
import { lagGrows } from './lag-grows.js';
import { modelsLeftOut } from './models-left-out.js';
import { modelsRefused } from './models-refused.js';
import { notReady } from './not-ready.js';
import { poison } from './poison.js';
import { serviceAbsent } from './service-absent.js';
import { stateLost } from './state-lost.js';
import { taskWaits } from './task-waits.js';
import { timeStandsStill } from './time-stands-still.js';
import { topicsWrong } from './topics-wrong.js';

/** Alerts on Moola itself. */
export const moolaAlerts: readonly Alert[] = [
  // Does it run?
  ...[deadManSwitch, serviceAbsent, instanceDown, notReady, connectionDown, instanceDisconnected, eventLoopBusy],
  // Does it stall?
  ...[timeStandsStill, checkpointOld, lagGrows, taskWaits, consoleBehind],
  // Does it lose or refuse something?
  ...[stateLost, checkpointDamaged, poison, deadLetters, modelsRefused, modelsLeftOut, httpErrors, topicsWrong],
  // Does it hear of what it asks for?
  ...[infrastructureUnanswered, infrastructureProblems],
  // Does it reach people, and do what it decided?
  ...[deliveryFails, actionFails],
];
