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

export async function startBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: chromiumPath(),
    args: [
      ...['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run'],
      ...['--disable-background-networking', '--disable-component-update', '--disable-sync'],
    ],
  });
}
