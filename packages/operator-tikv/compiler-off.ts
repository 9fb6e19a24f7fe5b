// Part of the build only: zod's compiler of schemas pays off for who validates all day, and this copy of
// zod is started with every command.
import { config } from 'zod/mini';

config({ jitless: true });
