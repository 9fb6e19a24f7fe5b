import type { JsonObject } from 'operator-core';
import { GLOBAL_FLAGS } from '../../arguments/flag.ts';
import type { Flag } from '../../arguments/flag.ts';
import { toFlagName } from '../../arguments/format-command.ts';
import { helpOf, parseArguments, peekArguments } from '../../command/parse-arguments.ts';
import { readFlag } from '../../arguments/read-flag.ts';
import { missingFrom, readParameters, toParameterFlags } from '../../arguments/read-parameters.ts';
import { askForMissing, askText } from './ask-config.ts';
import type { Command, Invocation } from '../../command/command.ts';
import type { NewConfig } from './config-file.ts';
import { readConfigKeys } from './config-keys.ts';
import type { ConfigKey } from './config-keys.ts';
import { createUsageError } from '../../errors/error-codes.ts';
import { EXIT_CODES } from '../../errors/exit-code.ts';
import { commandHelp, flagsSection, printHelp, showHelp } from '../../command/help.ts';
import { canAsk, openPrompter } from '../../asking/prompt.ts';
import type { Prompter } from '../../asking/prompt.ts';
import { suggestFor } from './complete-config.ts';
import { chooseDestination, replaceConfig, writeConfig } from './write-config.ts';

const INIT_FLAGS: readonly Flag[] = [
  {
    name: 'plugin',
    value: 'PACKAGE',
    description: 'Package of the plugin for your kind of system, or a path that begins with ./',
  },
];

/** See `operator init --help`. */
export const initCommand: Command = {
  name: 'init',
  summary: 'Write an operator.config.yaml for one system.',
  usage: '--plugin PACKAGE [--subject NAME] [--KEY VALUE …] [flags]',
  details: [
    'The keys of the configuration come from the schema of the plugin and are flags here. On a terminal the command asks for missing ones; without a terminal they are required. It also reads values from the running system, such as all of its endpoints. --config names the file; an existing file is never overwritten. --plugin PACKAGE --help shows the keys.',
  ],
  flags: INIT_FLAGS,
  examples: [['operator init', 'ask for every value']],
  execute,
};

async function execute(invocation: Invocation): Promise<number> {
  const { io, output } = invocation;
  const early = peekArguments(invocation);
  const specifier = readFlag(early, 'plugin');
  if (early.flags.has('help') && specifier === undefined) return showHelp(invocation);
  const { CONFIG_FILE_NAMES: names } = await import('operator-engine');
  const destination = chooseDestination(io.cwd, { named: readFlag(early, 'config'), names });
  const prompter = canAsk(invocation) ? await openPrompter(invocation) : null;
  try {
    const chosen = specifier ?? (await askPlugin(invocation, prompter));
    const keys = await loadKeys(chosen, { directory: destination.directory, invocation });
    if (early.flags.has('help')) return printKeysHelp(invocation, keys);
    destination.refuseExisting();
    const given = await readGiven(invocation, keys, prompter !== null);
    const config = await complete({ plugin: chosen, keys, given }, { invocation, prompter });
    const { path } = destination;
    writeConfig(path, config);
    const suggested = await suggestFor(path, config.subject, invocation);
    replaceConfig(path, { ...config, values: { ...config.values, ...suggested } });
    if (output.format === 'text') {
      output.print([`Wrote ${path}. To check it: operator doctor`]);
    } else {
      output.emit('operator.init/1', { path, subject: config.subject, plugin: chosen });
    }
    return EXIT_CODES.done;
  } finally {
    prompter?.close();
  }
}

type Keys = Readonly<Record<string, ConfigKey>>;

interface Given {
  readonly subject: string | undefined;
  readonly values: JsonObject;
}

async function askPlugin(invocation: Invocation, prompter: Prompter | null): Promise<string> {
  if (prompter !== null) {
    return askText('Plugin (package name, or a path that begins with ./)', prompter);
  }
  const problem = 'Name the plugin with --plugin PACKAGE: there is no terminal to ask for it.';
  throw createUsageError([problem], helpOf(invocation));
}

async function loadKeys(
  specifier: string,
  { directory, invocation }: { directory: string; invocation: Invocation },
): Promise<Keys> {
  const { signal } = invocation.io;
  const { DEFAULT_LIMITS, loadPlugin } = await import('operator-engine');
  const places = { configDirectory: directory, hostUrl: import.meta.url };
  const { plugin } = await loadPlugin(specifier, {
    ...places,
    limitMs: DEFAULT_LIMITS.importMs,
    signal,
  });
  const keys = Object.entries(readConfigKeys(plugin));
  // A key with the name of a flag of this command must be written into the file by hand.
  const taken = [...GLOBAL_FLAGS, ...invocation.command.flags].map(({ name }) => name);
  return Object.fromEntries(keys.filter(([name]) => !taken.includes(toFlagName(name))));
}

/** Reads the flags. Throws with all problems; a missing flag is a problem only without a terminal. */
async function readGiven(invocation: Invocation, keys: Keys, canBeAsked: boolean): Promise<Given> {
  const { scanned, problems } = parseArguments(invocation, {
    positionals: 0,
    more: toParameterFlags(keys),
  });
  const read = readParameters(keys, scanned, null);
  const missing = canBeAsked ? [] : missingFrom(keys, scanned, read);
  const subject = readFlag(scanned, 'subject');
  const wrongName = await subjectProblems(subject);
  const all = [...problems, ...read.problems, ...missing, ...wrongName];
  if (all.length > 0) throw createUsageError(all, helpOf(invocation));
  return { subject, values: read.parameters };
}

async function complete(
  { plugin, keys, given }: { plugin: string; keys: Keys; given: Given },
  { invocation, prompter }: { invocation: Invocation; prompter: Prompter | null },
): Promise<NewConfig> {
  const { output } = invocation;
  const values =
    prompter === null
      ? given.values
      : await askForMissing(keys, given.values, { prompter, output });
  return { plugin, keys, values, subject: given.subject ?? 'main' };
}

async function subjectProblems(subject: string | undefined): Promise<readonly string[]> {
  const { isSubjectName } = await import('operator-engine');
  if (subject === undefined || isSubjectName(subject)) return [];
  return ['--subject must be letters, digits, - and _, and begin with a letter.'];
}

function printKeysHelp({ command, output }: Invocation, keys: Keys): number {
  const page = commandHelp(command);
  const section = flagsSection('Keys of this plugin', toParameterFlags(keys));
  printHelp({ ...page, sections: [section, ...page.sections] }, output);
  return EXIT_CODES.done;
}
