import { describeCheckpointStore } from '../../ports/checkpoint-store.contract.js';
import { openEmbedded } from './open-embedded.js';
import { temporaryFolder } from './temporary-folder.js';

describeCheckpointStore('embedded', async () => {
  const folder = await temporaryFolder();
  const { store, close } = await openEmbedded({ folder: folder.path });
  return {
    store,
    async end() {
      await close();
      await folder.remove();
    },
  };
});
