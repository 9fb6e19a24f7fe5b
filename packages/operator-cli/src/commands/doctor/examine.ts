import { OperatorError } from 'operator-core';
import type { Diagnosis } from 'operator-core';
import type { Engine, Finding, GatedSubject } from 'operator-engine';
import type { Invocation } from '../../command/command.ts';
import { EXIT_CODES, exitCodeOf } from '../../errors/exit-code.ts';
import { withEngine } from '../../command/with-engine.ts';

/** All findings of the doctor. */
export interface Examination {
  readonly findings: readonly Finding[];
  /** The exit code of the first failed check. */
  readonly exitCode: number;
  /** The actions of the subject; `null` when it could not be opened. */
  readonly actions?: readonly string[] | null;
  /** True when the subject is known not to answer. */
  readonly isUnreachable?: boolean;
}

/** Looks at the configuration, then at one subject or at all. Each problem becomes a finding. */
export async function examine(
  invocation: Invocation,
  only: string | undefined,
): Promise<Examination> {
  const { signal } = invocation.io;
  const check = { subject: null, check: 'configuration' };
  try {
    return await withEngine(invocation, async (engine) => {
      const names = only === undefined ? engine.subjects().map(({ name }) => name) : [only];
      const message = `${engine.configPath} is sound (subjects: ${names.join(', ')}).`;
      const subjects: Examination[] = [];
      for (const name of names) subjects.push(await examineSubject(engine, { name, signal }));
      const silent = names.filter((_, at) => subjects[at]?.isUnreachable === true);
      const kept = await examineKept(engine, { silent, signal });
      const examinations: readonly Examination[] = [
        { findings: [{ ...check, state: 'ok', message }], exitCode: EXIT_CODES.done },
        kept,
        await examineRules(engine, subjects),
        ...subjects,
      ];
      return {
        findings: examinations.flatMap(({ findings }) => findings),
        exitCode: examinations.find(({ exitCode }) => exitCode !== 0)?.exitCode ?? EXIT_CODES.done,
      };
    });
  } catch (error) {
    if (!OperatorError.isInstance(error) || error.kind !== 'config') throw error;
    return { findings: [toFinding(error, check)], exitCode: exitCodeOf(error) };
  }
}

async function examineKept(
  engine: Engine,
  options: { silent: readonly string[]; signal: AbortSignal },
): Promise<Examination> {
  const findings = await engine.examine(options);
  const failed = findings.find(({ state }) => state === 'failed');
  if (failed === undefined) return { findings, exitCode: EXIT_CODES.done };
  // A policy or a ledger that cannot be used is a matter of configuration, a lease that is due is not.
  const isUnusable = failed.check === 'policy' || failed.check === 'ledger';
  return { findings, exitCode: isUnusable ? EXIT_CODES.config : EXIT_CODES.failed };
}

/** Checks that every name in the policy exists, when all names could be read. */
async function examineRules(
  engine: Engine,
  examinations: readonly Examination[],
): Promise<Examination> {
  const subject = engine.subjects().map(({ name }) => name);
  const opened = examinations.flatMap(({ actions }) => (Array.isArray(actions) ? [actions] : []));
  const isWhole = opened.length === subject.length;
  const known = { subject, action: opened.flat() };
  const findings = isWhole ? await engine.examineNames(known) : [];
  return { findings, exitCode: EXIT_CODES.done };
}

async function examineSubject(
  engine: Engine,
  { name, signal }: { name: string; signal: AbortSignal },
): Promise<Examination> {
  const check = { subject: name, check: 'plugin' };
  try {
    const subject = await engine.openSubject(name, { signal });
    const { plugin } = subject;
    const message = `${plugin.specifier} implements contract ${plugin.contract}: ${plugin.description}`;
    const findings = await subject.diagnose({ signal });
    const isUnreachable = findings.some((finding) => finding.isUnreachable === true);
    return {
      isUnreachable,
      actions: subject.actions.listActionNames(),
      findings: [
        { ...check, state: 'ok', message },
        ...findings.map(({ isUnreachable: _, ...finding }) => ({ subject: name, ...finding })),
      ],
      exitCode: isUnreachable
        ? EXIT_CODES.unreachable
        : await exitCodeOfFindings(findings, { subject, signal }),
    };
  } catch (error) {
    if (!OperatorError.isInstance(error) || !isFindable(error)) throw error;
    const what = error.kind === 'config' ? { ...check, check: 'configuration' } : check;
    return { findings: [toFinding(error, what)], exitCode: exitCodeOf(error), actions: null };
  }
}

const FINDABLE: readonly string[] = ['config', 'plugin', 'unreachable'];

function isFindable({ kind, code }: OperatorError): boolean {
  return FINDABLE.includes(kind) || code === 'LEDGER_BUSY';
}

/** Exit code of a failed check: a different code when the system cannot be reached. */
async function exitCodeOfFindings(
  findings: readonly Diagnosis[],
  { subject, signal }: { subject: GatedSubject; signal: AbortSignal },
): Promise<number> {
  if (findings.every(({ state }) => state !== 'failed')) return EXIT_CODES.done;
  try {
    await subject.identify({ signal });
    return EXIT_CODES.failed;
  } catch (error) {
    return OperatorError.isInstance(error) ? exitCodeOf(error) : EXIT_CODES.failed;
  }
}

function toFinding(error: OperatorError, check: Pick<Finding, 'subject' | 'check'>): Finding {
  const { code, message } = error;
  const remedy = OperatorError.remedyOf(error);
  const lines = message.split('\n').map((line) => line.trim());
  return { ...check, state: 'failed', message: `${code}: ${lines.join(' ')}`, remedy };
}
