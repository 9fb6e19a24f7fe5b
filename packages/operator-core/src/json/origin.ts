/** True when a text is an origin as `URL.origin` writes it: `http://host:port`, without path, query or credentials. */
export function isOrigin(text: string): boolean {
  return /^https?:\/\//u.test(text) && URL.canParse(text) && new URL(text).origin === text;
}
