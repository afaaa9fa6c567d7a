import { MessagePattern } from '@nestjs/microservices';
import type { Processor } from '../processor/processor.js';
import type { ProcessorSettings, startProcessor } from '../task/start-processor.js';
import type { EffectMetrics, TaskMetrics } from '../task/task-observer.js';

/** Handlers with this mark belong to the `StreamTransport`; no other transport takes them. */
export const streamTransportId = Symbol('moola streams');

/** What was started and can be closed. */
export type RunningTasks = Awaited<ReturnType<typeof startProcessor>>;

/** What all handlers of one environment run with. */
export interface StreamEnvironment extends Omit<ProcessorSettings<unknown>, 'processor' | 'group' | 'metrics'> {
  /** The observer of a processor's tasks, by the processor's name. */
  readonly metrics?: (processor: string) => TaskMetrics;
  /** The observer of an effect, by its name: to be passed on to `startEffect`. */
  readonly effectMetrics?: (effect: string) => EffectMetrics;
}

/** Starts an effect in an environment: `(environment) => startEffect({ ...environment, … })`. */
export type EffectStart = (environment: StreamEnvironment) => Promise<RunningTasks>;

export type StreamHandlerKind = 'processor' | 'effect';

/** A decorator of methods of a certain shape. */
type Handler<M> = <N extends M>(controller: object, method: string, descriptor: TypedPropertyDescriptor<N>) => void;

/** A method that gives the processor to run. It is asked once an environment, when the transport begins to listen. */
export function StreamProcessor(): Handler<() => Processor<unknown>> {
  return mark('processor');
}

/** A method that gives the effect to start. It is asked once an environment, when the transport begins to listen. */
export function StreamEffect(): Handler<() => EffectStart> {
  return mark('effect');
}

function mark<M>(kind: StreamHandlerKind): Handler<M> {
  return (controller, method, descriptor) => {
    const pattern = `${controller.constructor.name}.${method}`;
    MessagePattern(pattern, streamTransportId, { kind })(controller, method, descriptor);
  };
}
