import { runService } from '@moola/platform/service/run-service';
import { systemClock } from '@moola/streams/system-clock';
import { actionWorld } from './act/action-world.js';
import { ResponderModule } from './responder.module.js';

await runService({
  name: 'responder',
  text: 'answers alerts: incidents, playbooks, rollbacks, post-mortems.',
  settings: {},
  streams({ time }, { settings }) {
    const registry = { url: settings.registryUrl ?? null, token: settings.registryToken ?? null };
    return [
      ResponderModule.with({
        ...{ time, partitions: settings.partitions },
        decide: { actionsExpireAfterMs: time === 'wall' ? settings.expireAfterMs : 0 },
        world: actionWorld(registry, () => systemClock.nowMs()),
      }),
    ];
  },
});
