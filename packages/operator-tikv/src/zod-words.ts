import { config } from 'zod/mini';
import { en } from 'zod/v4/locales';

// zod/mini, which starts in a third of the time of zod, comes without words. Whoever chose some keeps them.
if (config().localeError === undefined) config(en());
