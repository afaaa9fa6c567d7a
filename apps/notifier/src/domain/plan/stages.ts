import { attempt } from './attempt.js';
import { deduplicate } from './deduplicate.js';
import { expire } from './expire.js';
import { failOver } from './fail-over.js';
import { group } from './group.js';
import { route } from './route.js';
import { settle } from './settle.js';
import type { Stage } from './stage.js';
import { supersede } from './supersede.js';

/** What happens to a notification when it comes, from top to bottom. */
export const arrival: readonly Stage[] = [deduplicate, route, group];

/** What happens to it from then on: when its group is complete, at each receipt, and when an attempt comes due. */
export const delivery: readonly Stage[] = [settle, supersede, expire, failOver, attempt];
