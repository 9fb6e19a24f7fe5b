import { config } from 'zod/mini';
import { en } from 'zod/v4/locales';

/**
 * zod/mini, which loads in a third of the time of zod, comes without words. Who imports this package has
 * them too: zod keeps them for the process. Whoever chose some already keeps those.
 */
export function giveZodWords(): void {
  if (config().localeError === undefined) config(en());
}
