import type { Command } from 'commander';
import type { Shell } from '../shell/shell.js';
import { registerAlerts } from './alerts/alerts.js';
import { registerApply } from './apply.js';
import { registerBacktest } from './backtest.js';
import { registerBreakdown } from './breakdown.js';
import { registerCheck } from './check.js';
import { registerDeadLetters } from './dead-letters/dead-letters.js';
import { registerDefinitions } from './definitions/definitions.js';
import { registerDeploymentTest } from './deployment-test.js';
import { registerExperiment } from './experiment/experiment.js';
import { registerHistory } from './history/history.js';
import { registerIncidents } from './incidents/incidents.js';
import { registerInstances } from './instances.js';
import { registerMeasurements } from './measurements/measurements.js';
import { registerJobs } from './jobs/jobs.js';
import { registerNotify } from './notify.js';
import { registerPostmortem } from './postmortem.js';
import { registerReplay } from './replay.js';
import { registerSimulate } from './simulate.js';
import { registerTasks } from './tasks/tasks.js';
import { registerTokens } from './tokens/tokens.js';
import { registerUp } from './up.js';

/** Adds a command, with its options and examples, to what may be asked. */
export type Register = (parent: Command, shell: Shell) => void;

/** Every command, in the order of the help. */
export const commands: readonly Register[] = [
  registerUp,
  registerReplay,
  registerBacktest,
  registerCheck,
  registerApply,
  registerDefinitions,
  registerIncidents,
  registerBreakdown,
  registerAlerts,
  registerJobs,
  registerInstances,
  registerMeasurements,
  registerExperiment,
  registerHistory,
  registerPostmortem,
  registerDeadLetters,
  registerNotify,
  registerSimulate,
  registerTasks,
  registerTokens,
  registerDeploymentTest,
];
