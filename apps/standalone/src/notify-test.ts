import { randomUUID } from 'node:crypto';
import type { Writable } from 'node:stream';
import { notifierSettings } from '@moola/notifier/notifier-settings';
import { readChannels } from '@moola/notifier/send/channel-settings';
import { terminal } from '@moola/notifier/send/terminal/terminal';
import { testChannels, type ChannelTest } from '@moola/notifier/send/test-channels';
import { withSecretsFolder } from '@moola/platform/settings/secrets-folder';
import { readSettingFile } from '@moola/platform/settings/settings-file';
import { readSettings } from '@moola/platform/settings/settings';
import { systemClock } from '@moola/streams/adapters/system-clock';

export type { ChannelTest };

export interface NotifyTestOptions {
  /** Channels that routes name. Those that the environment configures are tested too. */
  readonly named: readonly { readonly kind: string; readonly name: string }[];
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Where the terminal prints, which stands in for channels that are not configured. */
  readonly terminal: Writable;
}

export type NotifyTest =
  | { readonly ok: true; readonly tests: readonly ChannelTest[] }
  /** All that is wrong with the settings, a line each. */
  | { readonly ok: false; readonly problems: readonly string[] };

/** Sends a test message to every channel, as the notifier of this process would. */
export async function notifyTest(options: NotifyTestOptions): Promise<NotifyTest> {
  const read = withSecretsFolder(options.env);
  if (!read.ok) return read;
  const settings = readSettings(notifierSettings, read.variables, readSettingFile);
  const channels = readChannels({ environment: read.variables, readFile: readSettingFile });
  if (!settings.ok || !channels.ok) {
    const problems = [settings, channels].flatMap((result) => (result.ok ? [] : result.problems));
    return { ok: false, problems };
  }
  const tests = await testChannels({
    named: options.named,
    id: randomUUID(),
    channels: channels.open({ clock: systemClock }),
    terminal: terminal(options.terminal),
    clock: systemClock,
    timeoutMs: settings.settings.timeoutMs,
  });
  return { ok: true, tests };
}
