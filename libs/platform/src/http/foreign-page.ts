/** What a browser says of the page that made a request. Other programs say nothing of it. */
export interface RequestOrigin {
  readonly method: string;
  /** `Host` */
  readonly host: string | undefined;
  /** `Origin` */
  readonly origin: string | undefined;
  /** `Sec-Fetch-Site` */
  readonly fetchSite: string | undefined;
  /** `Sec-Fetch-Mode` */
  readonly fetchMode: string | undefined;
}

/**
 * Whether a page of another origin made the request. A link from elsewhere may open the page; nothing else is let in: not a
 * form, not a script, not a picture, not a stream of events.
 * @param publicUrl the console's address as browsers see it, where a proxy stands before it
 */
export function isForeignPage(request: RequestOrigin, publicUrl: string | undefined): boolean {
  const { method, host, origin, fetchSite, fetchMode } = request;
  if (origin !== undefined) return !isOwn(origin, host, publicUrl);
  if (fetchSite === undefined || fetchSite === 'same-origin' || fetchSite === 'none') return false;
  return !(fetchMode === 'navigate' && (method === 'GET' || method === 'HEAD'));
}

function isOwn(origin: string, host: string | undefined, publicUrl: string | undefined): boolean {
  if (!URL.canParse(origin)) return false;
  const { protocol, origin: normal } = new URL(origin);
  if (protocol !== 'http:' && protocol !== 'https:') return false;
  if (publicUrl !== undefined && normal === new URL(publicUrl).origin) return true;
  // A proxy may add TLS, so the scheme is the browser's; the name and the port must be those that were asked for.
  const asked = `${protocol}//${host ?? ''}`;
  return URL.canParse(asked) && normal === new URL(asked).origin;
}
