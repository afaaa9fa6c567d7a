import { receiveProcessor } from '@moola/collector/receive/domain/receive-processor';
import { joinProcessor } from '@moola/collector/join/domain/join-processor';
import { defaultDoorHorizonMs } from '@moola/contracts/door-horizons';
import { contentId } from '@moola/collector/receive/event-id';
import { identifierHash } from '@moola/collector/receive/identifier-hash';
import { refusalLetter } from '@moola/collector/receive/refusal-letter';
import { createTracker } from '@moola/tracker/domain/tracker';

const installationKey = Buffer.alloc(32);
export const anonymisationKey = { id: 'bench', secret: 'a secret of the bench that is long enough' };

/** The processor of each stage, as the services make them. */
export const stageProcessors = {
  receive: ({ anonymised }) =>
    receiveProcessor({
      ...{ horizonMs: defaultDoorHorizonMs, contentId, counted: () => undefined },
      replaceIdentifier: anonymised ? identifierHash(anonymisationKey) : null,
      letter: (refused) => refusalLetter(installationKey, refused),
    }),
  join: () => joinProcessor,
  tracker: () => createTracker(),
};
