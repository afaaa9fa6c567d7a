import { create } from '@bufbuild/protobuf';
import {
  DeliveryIntentSchema,
  DeliveryOutcome,
  type DeliveryIntent,
  type DeliveryReceipt,
} from '@moola/contracts/gen/moola/v1/actions_pb';
import { channelId } from './channel-settings.js';
import { createSend, type SendOptions } from './send.js';

export interface TestOptions extends Omit<SendOptions, 'replaced' | 'urlOf'> {
  /** The channels that the routes in force name; those that only the environment names are tested too. */
  readonly named: readonly { readonly kind: string; readonly name: string }[];
  /** Sets this test apart from others: peers fold messages by it. */
  readonly id: string;
}

/** What came of the test message on one channel. */
export interface ChannelTest {
  /** `slack/team` */
  readonly channel: string;
  /** By what the message went: `terminal` where the channel is not configured. */
  readonly by: 'channel' | 'terminal';
  readonly delivered: boolean;
  readonly detail: string;
}

/** Sends a test message through every channel, all at once, and says what came of each, by name. */
export async function testChannels(options: TestOptions): Promise<readonly ChannelTest[]> {
  const perform = createSend({ ...options, replaced: () => undefined, urlOf: () => '' });
  const channels = new Map(options.named.map((channel) => [channelId(channel), channel]));
  for (const id of options.channels.keys()) if (!channels.has(id)) channels.set(id, nameOf(id));
  const tests = [...channels].map(async ([id, { kind, name }]): Promise<ChannelTest> => {
    const intent = testIntent(options, kind, name);
    const receipt = await perform(intent);
    // A test must leave nothing open behind it: PagerDuty would go on to page.
    if (kind === 'pagerduty') await perform({ ...intent, eventAction: 'resolve' });
    const by = kind === 'terminal' || !options.channels.has(id) ? 'terminal' : 'channel';
    return { channel: `${kind}/${name}`, by, ...outcome(receipt) };
  });
  const results = await Promise.all(tests);
  return results.sort((a, b) => (a.channel < b.channel ? -1 : 1));
}

function testIntent({ clock, id }: TestOptions, kind: string, name: string): DeliveryIntent {
  return create(DeliveryIntentSchema, {
    atMs: clock.nowMs(),
    notification: `moola-test-${id}/${kind}/${name}`,
    channelKind: kind,
    channelName: name,
    attempt: 1,
    dedupKey: `moola.test.${id}.${kind}.${name}`,
    eventAction: 'trigger',
    severity: 'info',
    title: `Test of ${kind}/${name}`,
    text: 'This is a test by `moola notify test`. Nothing has happened.',
    incident: `moola-test-${id}`,
  });
}

function outcome({ outcome, detail }: DeliveryReceipt): Pick<ChannelTest, 'delivered' | 'detail'> {
  return { delivered: outcome === DeliveryOutcome.DELIVERED, detail };
}

function nameOf(id: string): { readonly kind: string; readonly name: string } {
  const slash = id.indexOf('/');
  return {
    kind: id.slice(0, slash),
    name: id
      .slice(slash + 1)
      .toLowerCase()
      .replaceAll('_', '-'),
  };
}
