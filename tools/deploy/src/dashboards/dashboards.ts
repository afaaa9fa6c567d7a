import type { Board } from './board.js';
import { business } from './business.js';
import { incidents } from './incidents.js';
import { model } from './model.js';
import { overview } from './overview.js';
import { system } from './system.js';
import { training } from './training.js';

/** Every dashboard: a file of `deploy/grafana/dashboards` each. */
export const boards: readonly Board[] = [overview, model, business, incidents, training, system];
