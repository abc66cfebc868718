import { TaktError } from '../../engine/sdk.ts';

/** Throws TaktError HTTP_URL. A password in a URL would be stored with the run, so it is refused. */
export function checkedUrl(text: string): URL {
  const url = URL.canParse(text.trim()) ? new URL(text.trim()) : undefined;
  const refuse = (message: string): TaktError => new TaktError('HTTP_URL', { message, pointer: '/params/url' });
  if (!url) throw refuse('The URL is not an absolute URL.');
  if (url.protocol !== 'https:' && url.protocol !== 'http:') throw refuse(`${url.protocol} is not http or https.`);
  if (url.username !== '' || url.password !== '') throw refuse('The URL contains a user or a password; use a credential.');
  return url;
}
