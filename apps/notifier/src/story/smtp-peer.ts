import { readFileSync } from 'node:fs';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';

const file = (name: string) => readFileSync(new URL(`../../test-certificate/${name}`, import.meta.url), 'utf8');

/** The certificate of the test's mail server; whoever trusts it as an authority reaches it. */
export const testCertificate = file('localhost.test-only.crt');

export interface ReceivedMail {
  readonly from: string;
  readonly to: readonly string[];
  readonly text: string;
  readonly isEncrypted: boolean;
  readonly user: string | undefined;
}

/** A real mail server on this machine. */
export class SmtpPeer {
  private constructor(
    private readonly server: SMTPServer,
    readonly mails: readonly ReceivedMail[],
  ) {}

  static async start(options: SMTPServerOptions = {}): Promise<SmtpPeer> {
    const mails: ReceivedMail[] = [];
    const server = new SMTPServer({
      authOptional: true,
      cert: testCertificate,
      key: file('localhost.test-only.key'),
      closeTimeout: 100,
      onAuth: ({ username, password }, _session, done) =>
        password === 'right' ? done(null, { user: username }) : done(new Error('wrong password')),
      onData(stream, { envelope, secure, user }, done) {
        const chunks: Buffer[] = [];
        stream.on('data', (chunk: Buffer) => chunks.push(chunk));
        stream.on('end', () => {
          const from = envelope.mailFrom === false ? '' : envelope.mailFrom.address;
          const to = envelope.rcptTo.map(({ address }) => address);
          mails.push({
            from,
            to,
            text: Buffer.concat(chunks).toString(),
            isEncrypted: secure,
            user: user as string | undefined,
          });
          done(null, 'queued');
        });
      },
      ...options,
    });
    // What a client does wrong is the client's result; the server's own errors are no failure of a test.
    server.on('error', () => undefined);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return new SmtpPeer(server, mails);
  }

  get address(): string {
    return `127.0.0.1:${(this.server.server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    await new Promise<void>((resolve) => this.server.close(resolve));
  }
}

export interface ScriptedServer {
  readonly address: string;
  /** Resolves when it has said all and is waited for in vain. */
  readonly silent: Promise<void>;
  close(): Promise<void>;
}

/** A server that says what it is told to, line by line, to whatever it is sent; then it is silent. */
export async function scriptedServer(lines: readonly string[]): Promise<ScriptedServer> {
  const sockets = new Set<Socket>();
  let fallSilent: () => void = () => undefined;
  const silent = new Promise<void>((resolve) => (fallSilent = resolve));
  const server = createServer((socket) => {
    sockets.add(socket);
    const left = [...lines];
    const say = () => {
      const line = left.shift();
      if (line === undefined) fallSilent();
      else if (line === 'close') socket.destroy();
      else socket.write(`${line}\r\n`);
    };
    socket.on('data', say);
    socket.on('error', () => undefined);
    say();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    silent,
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
