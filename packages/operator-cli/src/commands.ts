import { COMMAND_FLAGS } from './arguments/flag.ts';
import type { Flag } from './arguments/flag.ts';
import type { Command } from './command.ts';

const { params, yes, wait, timeout } = COMMAND_FLAGS;

const INIT_FLAGS: readonly Flag[] = [
  {
    name: 'plugin',
    value: 'PACKAGE',
    description: 'The package that knows your kind of system, or a path that begins with ./',
  },
];

/** Every command, in the order of the help. */
export const COMMANDS: readonly Command[] = [
  {
    name: 'init',
    summary: 'Write an operator.config.yaml for one system.',
    usage: '--plugin PACKAGE [--subject NAME] [--KEY VALUE …] [flags]',
    details: [
      "The keys of the configuration come from the plugin's own schema and are flags here; on a terminal you are asked for what is missing. --config says where to write it. A file that is there is never overwritten. --plugin PACKAGE --help shows the keys.",
    ],
    flags: INIT_FLAGS,
    examples: [['operator init', 'be asked for everything']],
    load: () => import('./commands/init.ts'),
  },
  {
    name: 'doctor',
    summary: 'Look for what is wrong with configuration, plugins and systems, and what to do.',
    usage: '[flags]',
    flags: [],
    examples: [
      ['operator doctor', 'check every subject'],
      ['operator doctor --output json', 'the same for a program'],
    ],
    load: () => import('./commands/doctor.ts'),
  },
  {
    name: 'subjects',
    summary: 'List the configured systems. Connects to none of them.',
    usage: '[flags]',
    flags: [],
    examples: [['operator subjects', 'what is configured, and where']],
    load: () => import('./commands/subjects.ts'),
  },
  {
    name: 'actions',
    summary: 'List what can be changed, or describe one action. Does not connect.',
    usage: '[NAME] [flags]',
    flags: [],
    examples: [
      ['operator actions', 'all actions'],
      ['operator actions --output ndjson', 'their full definitions, one a line'],
    ],
    load: () => import('./commands/actions.ts'),
  },
  {
    name: 'observations',
    summary: 'List what can be asked. Does not connect.',
    usage: '[flags]',
    flags: [],
    examples: [['operator observations', 'all questions and their parameters']],
    load: () => import('./commands/observations.ts'),
  },
  {
    name: 'observe',
    summary: 'Ask the system a question. Reads only.',
    usage: 'NAME [--PARAMETER VALUE …] [flags]',
    flags: [params],
    examples: [['operator observations', 'which names there are']],
    load: () => import('./commands/observe.ts'),
  },
  {
    name: 'plan',
    summary: 'Show exactly what an action would do and send. Reads only.',
    usage: 'ACTION [--PARAMETER VALUE …] [flags]',
    flags: [params],
    examples: [['operator actions', 'which actions there are']],
    load: () => import('./commands/plan.ts'),
  },
  {
    name: 'run',
    summary: 'Plan an action, ask, send it, and watch until its effect is proven.',
    usage: 'ACTION [--PARAMETER VALUE …] [--yes] [--no-wait] [flags]',
    details: [
      'Accepted is not done: the run ends well only when the effect has been seen and has held. Ctrl-C stops the watching, says in what state the system was left, and prints the command that goes on watching.',
    ],
    flags: [params, yes, wait],
    examples: [['operator actions', 'which actions there are']],
    load: () => import('./commands/run.ts'),
  },
  {
    name: 'verify',
    summary: 'Look whether the effect of an action is there, without sending anything.',
    usage: 'ACTION [--PARAMETER VALUE …] [--timeout DURATION] [flags]',
    flags: [params, timeout],
    examples: [['operator actions', 'which actions there are']],
    load: () => import('./commands/verify.ts'),
  },
];
