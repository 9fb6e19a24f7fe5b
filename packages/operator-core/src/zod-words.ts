import { config } from 'zod/mini';
import { en } from 'zod/v4/locales';

// zod/mini, which starts in a third of the time of zod, comes without words. Who imports this package
// has them too: zod keeps them for the process. Whoever chose some already keeps those.
if (config().localeError === undefined) config(en());
