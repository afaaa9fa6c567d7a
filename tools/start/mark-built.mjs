// The end of `npm run build`: `npm start` and `npm test` need not build again.
import { markBuilt } from './prepare.mjs';

markBuilt();
