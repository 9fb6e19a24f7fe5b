import { isJsonObject } from 'operator-core';

/** The value at a JSON Pointer (RFC 6901) that begins with `/`; `undefined` where there is none. */
export function readPointer(document: unknown, pointer: string): unknown {
  return pointer
    .slice(1)
    .split('/')
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
    .reduce((value: unknown, key) => {
      const isHolder = isJsonObject(value) || Array.isArray(value);
      return isHolder && Object.hasOwn(value, key)
        ? (Reflect.get(value, key) as unknown)
        : undefined;
    }, document);
}
