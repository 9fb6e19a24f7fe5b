import { config } from 'zod/mini';
import { en } from 'zod/v4/locales';

/**
 * zod/mini, which loads in a third of the time of zod, comes without words. The copy in the bundle of
 * this package has to be given some; a program that has chosen words keeps them.
 */
export function giveZodWords(): void {
  if (config().localeError === undefined) config(en());
}
