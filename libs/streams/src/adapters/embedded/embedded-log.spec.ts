import { describeEventLog } from '../../ports/event-log.contract.js';
import { openEmbedded } from './open-embedded.js';
import { temporaryFolder } from './temporary-folder.js';

describeEventLog('embedded', async () => {
  const folder = await temporaryFolder();
  const { log, enforceRetention, close } = await openEmbedded({ folder: folder.path });
  return {
    log,
    enforceRetention,
    async end() {
      await close();
      await folder.remove();
    },
  };
});
