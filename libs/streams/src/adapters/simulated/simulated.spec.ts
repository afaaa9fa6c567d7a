import { describeCheckpointStore } from '../../ports/checkpoint-store.contract.js';
import { describeEventLog } from '../../ports/event-log.contract.js';
import { noFaults } from './faults.js';
import { SimulatedLog } from './simulated-log.js';
import { SimulatedStore } from './simulated-store.js';
import { Simulation, type Process } from './simulation.js';

/** A simulation that takes its steps by itself, as they come. */
class PlayingSimulation extends Simulation {
  readonly process: Process = this.addProcess('only');
  private ended = false;

  constructor() {
    super(1, noFaults);
    void this.play();
  }

  end(): void {
    this.ended = true;
  }

  private async play(): Promise<void> {
    while (!this.ended) await this.run();
  }
}

describeEventLog('simulated', async () => {
  const simulation = new PlayingSimulation();
  const log = new SimulatedLog(simulation);
  return {
    log: log.of(simulation.process),
    enforceRetention: async () => log.enforceRetention(),
    end: async () => simulation.end(),
  };
});

describeCheckpointStore('simulated', async () => {
  const simulation = new PlayingSimulation();
  const store = new SimulatedStore(simulation);
  return { store: store.of(simulation.process), end: async () => simulation.end() };
});
