import { dashboardOf, type Board } from './board.js';

/** A file of Grafana's provisioning. */
export function renderDashboard(board: Board): string {
  return `${JSON.stringify(dashboardOf(board), null, 2)}\n`;
}
