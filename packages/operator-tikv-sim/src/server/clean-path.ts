import type { Profile } from '../world/cluster/profile.ts';
import { encodeString } from '../text/json-value.ts';
import type { Reply } from '../http/reply.ts';

/** A path with doubled slashes or dots is answered with a redirect to the cleaned one. */
export function redirectToCleanPath(
  profile: Profile,
  path: string,
  search: string,
): Reply | undefined {
  const cleaned = cleanPath(path);
  if (cleaned === path) return undefined;
  const words = profile.cleanPathStatus === 301 ? 'Moved Permanently' : 'Temporary Redirect';
  const location = `${cleaned}${search === '' ? '' : `?${search}`}`;
  return {
    status: profile.cleanPathStatus,
    headers: { 'Content-Type': 'text/html; charset=utf-8', Location: location },
    body: `<a href=${encodeString(location)}>${words}</a>.\n\n`,
  };
}

function cleanPath(path: string): string {
  const kept: string[] = [];
  for (const segment of path.split('/')) {
    if (segment === '..') kept.pop();
    else if (segment !== '' && segment !== '.') kept.push(segment);
  }
  const cleaned = `/${kept.join('/')}`;
  return path.endsWith('/') && cleaned !== '/' ? `${cleaned}/` : cleaned;
}
