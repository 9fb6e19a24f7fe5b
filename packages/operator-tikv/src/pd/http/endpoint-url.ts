import { PDError } from '../wire/pd-error.ts';

/**
 * The origin of an endpoint as the configuration writes it. Throws `PD_ENDPOINT_INVALID`, never with the
 * credentials that the text may hold.
 */
export function parseEndpoint(text: string): string {
  const url = typeof text === 'string' && URL.canParse(text) ? new URL(text) : null;
  if (url === null) throw invalid(text, 'it is not a URL');
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    throw invalid(text, 'it begins with neither http:// nor https://');
  }
  if (url.username !== '' || url.password !== '') throw invalid(text, 'it holds credentials');
  if (url.pathname !== '/' || url.search !== '' || url.hash !== '') {
    throw invalid(text, 'it has more than a host and a port');
  }
  return url.origin;
}

function invalid(text: unknown, why: string): PDError {
  const shown = typeof text === 'string' ? text.replace(/\/\/[^/]*@/u, '//***@').slice(0, 200) : '';
  return new PDError({
    code: 'PD_ENDPOINT_INVALID',
    message: `PD endpoint ${JSON.stringify(shown)} cannot be used: ${why}`,
  });
}
