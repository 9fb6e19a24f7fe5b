import type { Command } from './obey.ts';
import { obey } from './obey.ts';

const [path = '', command = ''] = process.argv.slice(2);
const answer = await obey(path, JSON.parse(command) as Command).catch((error: unknown) => ({
  error,
}));
process.stdout.write(JSON.stringify(answer));
