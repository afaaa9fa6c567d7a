import { channelKind } from '../channel-kind.js';
import { buildMessage } from './message.js';
import { checkEmail, emailSettings, mailServer } from './settings.js';
import { sendBySmtp } from './smtp.js';

/** E-mail by SMTP. Encrypted unless it is switched off: TLS from the start, or STARTTLS, without which nothing is sent. */
export const email = channelKind({
  kind: 'email',
  settings: emailSettings,
  check: checkEmail,
  open(settings, { clock }) {
    const { encryption, authority } = settings;
    const server = mailServer(settings);
    return {
      foldsRepetitions: false,
      async attempt(notice, signal) {
        const message = await buildMessage(notice, settings, clock.nowMs());
        return sendBySmtp({ server, encryption, authority }, message, signal);
      },
    };
  },
});
