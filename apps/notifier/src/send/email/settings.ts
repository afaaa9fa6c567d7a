import { z } from 'zod';
import type { Settings } from '@moola/platform/settings/settings';
import { isLoopback } from '@moola/platform/http/loopback-url';

const address = /^[^@]+@[^@]+$/;

const serverUrl = z
  .string('is missing')
  .refine((text) => URL.canParse(text) && /^smtps?:$/.test(new URL(text).protocol), 'must be smtp://… or smtps://…')
  .transform((text) => new URL(text))
  .refine((url) => url.hostname !== '', 'names no server');

export const emailSettings = {
  server: {
    variable: 'EMAIL_SMTP_URL',
    schema: serverUrl,
    text: 'Mail server, as `smtp://user:password@server:587`. `smtps://` and port 465 speak TLS from the start.',
    secret: true,
  },
  from: {
    variable: 'EMAIL_FROM',
    schema: z.string('is missing').regex(address, 'is no address'),
    text: 'Sender, as `Moola <moola@example.org>`.',
  },
  to: {
    variable: 'EMAIL_TO',
    schema: z
      .string('is missing')
      .transform((text) => text.split(',').map((part) => part.trim()))
      .refine((parts) => parts.every((part) => address.test(part)), 'must be addresses, separated by commas'),
    text: 'Receivers, separated by commas.',
  },
  encryption: {
    variable: 'EMAIL_SMTP_TLS',
    schema: z.enum(['required', 'off'], 'is neither "required" nor "off"'),
    default: 'required',
    text: '`off` sends in clear where a server knows no STARTTLS.',
  },
  authority: {
    variable: 'EMAIL_SMTP_CA',
    schema: z.string().startsWith('-----BEGIN CERTIFICATE-----', 'must be a certificate in PEM').optional(),
    text: 'Certificate of the authority that signed the server’s, where it is a private one (usually as `…_CA_FILE`).',
  },
} as const;

export type EmailSettings = Settings<typeof emailSettings>;

/** Port of message submission, and of submission over TLS (RFC 8314). */
const submissionPort = 587;
const submissionsPort = 465;

/** How a server is reached. */
export interface MailServer {
  readonly host: string;
  readonly port: number;
  /** TLS from the first byte; otherwise STARTTLS, unless `encryption` is off. */
  readonly isImplicitTls: boolean;
  readonly login: { readonly user: string; readonly pass: string } | null;
}

export function mailServer({ server }: EmailSettings): MailServer {
  const isSmtps = server.protocol === 'smtps:';
  const port = Number(server.port) || (isSmtps ? submissionsPort : submissionPort);
  const user = decodeURIComponent(server.username);
  return {
    host: server.hostname.replace(/^\[|\]$/g, ''),
    port,
    isImplicitTls: isSmtps || port === submissionsPort,
    login: user === '' ? null : { user, pass: decodeURIComponent(server.password) },
  };
}

/** What is wrong with settings that are right one by one. */
export function checkEmail({ encryption, server }: EmailSettings): readonly string[] {
  return encryption === 'off' && server.username !== '' && !isLoopback(server)
    ? ['EMAIL_SMTP_TLS: "off" would send the password in clear']
    : [];
}
