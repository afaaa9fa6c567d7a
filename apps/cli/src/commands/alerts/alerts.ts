import type { Command } from 'commander';
import type { Shell } from '../../shell/shell.js';
import { registerQuality } from './quality.js';

export function registerAlerts(parent: Command, shell: Shell): void {
  const alerts = parent.command('alerts').description('How good alerts are.').helpCommand(false);
  registerQuality(alerts, shell);
}
