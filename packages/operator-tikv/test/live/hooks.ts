import { spawn } from 'node:child_process';

type Variables = Readonly<Record<string, string | undefined>>;

/** Environment variables with shell commands that break a part of the test cluster and mend it. */
export const HOOKS = {
  killMember: {
    variable: 'OPERATOR_LIVE_KILL_MEMBER',
    mendedBy: 'startMember',
    about: 'ends the PD member {member} at once, as kill -9 does',
  },
  startMember: {
    variable: 'OPERATOR_LIVE_START_MEMBER',
    mendedBy: null,
    about: 'starts the PD member {member} again, with its data',
  },
  pauseMember: {
    variable: 'OPERATOR_LIVE_PAUSE_MEMBER',
    mendedBy: 'resumeMember',
    about: 'stops the PD member {member} without ending it, as kill -STOP does',
  },
  resumeMember: {
    variable: 'OPERATOR_LIVE_RESUME_MEMBER',
    mendedBy: null,
    about: 'lets the paused PD member {member} go on',
  },
  silenceStore: {
    variable: 'OPERATOR_LIVE_SILENCE_STORE',
    mendedBy: 'resumeStore',
    about: 'makes the store with the id {store} silent, as kill -STOP of its TiKV does',
  },
  resumeStore: {
    variable: 'OPERATOR_LIVE_RESUME_STORE',
    mendedBy: null,
    about: 'lets the silent store {store} go on',
  },
} as const satisfies Readonly<Record<string, HookSpec>>;

interface HookSpec {
  readonly variable: string;
  /** The hook without which this one must not be used. */
  readonly mendedBy: string | null;
  readonly about: string;
}

/** Name of a hook. */
export type HookName = keyof typeof HOOKS;

const COMMAND_MS = 60_000;

/** The hooks that are not set, each with its variable. */
export function missingHooks(names: readonly HookName[], env: Variables): readonly string[] {
  return names.map((name) => HOOKS[name].variable).filter((variable) => isEmpty(env[variable]));
}

/** Hooks that break something which no other hook mends: sentences. */
export function findUnmended(env: Variables): readonly string[] {
  return Object.values(HOOKS).flatMap(({ variable, mendedBy }) => {
    if (mendedBy === null || isEmpty(env[variable])) return [];
    const needed = HOOKS[mendedBy].variable;
    return isEmpty(env[needed]) ? [`${variable} is set, and ${needed} is not.`] : [];
  });
}

/** Runs a hook for a member or a store. Throws when it is not set, fails, or takes longer than a minute. */
export async function runHook(name: HookName, target: string): Promise<void> {
  const { variable } = HOOKS[name];
  const command = process.env[variable] ?? '';
  if (command === '') throw new Error(`${variable} is not set`);
  if (!/^[\w.-]+$/u.test(target)) throw new Error(`${target} is no name for a shell command`);
  const text = command.replaceAll(/\{(?:member|store)\}/gu, target);
  // Its output goes to a file-like sink: a server that the command starts would keep a pipe open.
  const child = spawn('sh', ['-c', text], { stdio: 'ignore', timeout: COMMAND_MS });
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', resolve);
  });
  if (code !== 0) throw new Error(`${variable} for ${target} ended with ${code}: ${text}`);
}

function isEmpty(value: string | undefined): boolean {
  return value === undefined || value.trim() === '';
}
