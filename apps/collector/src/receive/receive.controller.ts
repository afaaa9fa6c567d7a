import { Controller, Inject } from '@nestjs/common';
import { StreamProcessor } from '@moola/streams/nest/stream-handlers';
import type { Processor } from '@moola/streams/processor/processor';
import { collectorOptions, type CollectorOptions } from '../collector-options.js';
import { receiveProcessor } from './domain/receive-processor.js';
import { defaultDoorHorizonMs } from '@moola/contracts/door-horizons';
import { contentId } from './event-id.js';
import { identifierHash } from './identifier-hash.js';
import { refusalLetter } from './refusal-letter.js';

@Controller()
export class ReceiveController {
  constructor(@Inject(collectorOptions) private readonly options: CollectorOptions) {}

  /** What foreign producers write: from `telemetry` to `intake`. */
  @StreamProcessor()
  receive(): Processor<unknown> {
    const {
      key,
      anonymisation,
      horizonMs = defaultDoorHorizonMs,
      counted = () => undefined,
      refusedFor,
    } = this.options;
    return receiveProcessor({
      ...{ horizonMs, contentId, counted },
      replaceIdentifier: anonymisation ? identifierHash(anonymisation) : null,
      letter(record) {
        refusedFor?.(record.refused.reason);
        return refusalLetter(key, record);
      },
    });
  }
}
