import type { ChannelKind } from './channel-kind.js';
import { email } from './email/email.js';
import { pagerDuty } from './pagerduty/pagerduty.js';
import { slack } from './slack/slack.js';
import { webhook } from './webhook/webhook.js';

/** Every kind of channel that can be configured. The terminal needs no configuration, and stands in for the others. */
export const channelKinds: readonly ChannelKind[] = [slack, pagerDuty, email, webhook];
