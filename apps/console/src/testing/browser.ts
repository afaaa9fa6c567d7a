import { existsSync } from 'node:fs';
import { chromium, type Browser } from 'playwright-core';

const places = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** The system's own Chromium: `MOOLA_CHROMIUM`, else where Linux distributions put it. */
function chromiumPath(): string {
  const told = process.env['MOOLA_CHROMIUM'];
  const found = (told === undefined ? places : [told]).find((place) => existsSync(place));
  if (found !== undefined) return found;
  throw new Error(
    told === undefined
      ? `the page is tested in a real browser, and there is none at ${places.join(', ')}: ` +
          'install Chromium (tools/ci/chromium.sh does on Debian), or say where it is with MOOLA_CHROMIUM'
      : `MOOLA_CHROMIUM says that Chromium is at ${told}, and there is nothing`,
  );
}

/** @param names host names that the browser takes for this machine, whatever DNS says */
export async function startBrowser(names: readonly string[] = []): Promise<Browser> {
  return chromium.launch({
    executablePath: chromiumPath(),
    // On a busy machine it takes its time.
    timeout: 180_000,
    args: [
      ...['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run'],
      `--host-resolver-rules=${names.map((name) => `MAP ${name} 127.0.0.1`).join(', ')}`,
      // The browser's own fence around this machine is left out: what is tested is ours.
      '--disable-features=LocalNetworkAccessChecks',
      ...['--disable-background-networking', '--disable-component-update', '--disable-sync'],
    ],
  });
}
