import type { ScannedArguments } from './interpret.ts';

/** The text given with a flag, or `undefined`. */
export function readFlag({ flags }: ScannedArguments, name: string): string | undefined {
  const value = flags.get(name)?.at(-1);
  return typeof value === 'string' ? value : undefined;
}

/** Value of a switch; `undefined` when it was not given. */
export function readSwitch({ flags }: ScannedArguments, name: string): boolean | undefined {
  const value = flags.get(name)?.at(-1);
  return typeof value === 'boolean' ? value : undefined;
}
