import { config } from 'zod/mini';
import { en } from 'zod/v4/locales';

/**
 * zod/mini, which loads in a third of the time of zod, comes without words. Who imports this package has
 * them too: zod keeps them for the process. A program that has chosen some keeps them.
 */
export function giveZodWords(): void {
  if (config().localeError === undefined) config(en());
}
