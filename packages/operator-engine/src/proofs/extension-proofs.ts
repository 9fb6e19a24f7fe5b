import { lstatSync, readdirSync } from 'node:fs';
import path from 'node:path';
import type { JsonObject } from 'operator-core';
import {
  nameOfOnly,
  nameOfProof,
  prepareFolder,
  readProof,
  removeProof,
  writeProof,
} from './proof-file.ts';
import type { ProofFile } from './proof-file.ts';
import type { ExtensionStatement, RunIdentity } from './proofs.ts';

const FORMAT = 'operator.extension_proof/1';
/** The file of a claim is written a moment before the time from which the end of its lease is counted. */
const SLACK_MS = 5 * 60_000;

/** Proofs that a user gave a lease a later end than the request of its run did. */
export class ExtensionProofs {
  readonly #folder: string;
  readonly #nameOf: (file: ProofFile) => string;

  /** `nameOf`: the user who owns a file, as far as this process can see. */
  constructor(folder: string, nameOf: (file: ProofFile) => string) {
    this.#folder = folder;
    this.#nameOf = nameOf;
  }

  write({ by, ...statement }: ExtensionStatement): void {
    const { kind, name } = by;
    const file = path.join(this.#folder, nameOfProof(statement.runId, 'extension'));
    prepareFolder(this.#folder);
    writeProof(file, { format: FORMAT, by: { kind, name }, ...statement }, { durable: true });
  }

  /**
   * The latest end that is proven: `endsAt` when the start of the run or an extension by a user proves it, else
   * the end that was requested. The time of the claim is that of its file's last change, which no user can set.
   */
  bound(
    run: RunIdentity,
    { leaseMs, endsAt }: { leaseMs: number; endsAt: number | null },
  ): number | null {
    const claim = path.join(this.#folder, nameOfOnly(run.runId, 'claim'));
    const begun = lstatSync(claim, { throwIfNoEntry: false });
    if (begun === undefined) return endsAt;
    const latest = Math.ceil(begun.ctimeMs) + leaseMs + SLACK_MS;
    if (endsAt !== null && endsAt <= latest) return endsAt;
    return this.#namesOf(run.runId).some((name) => this.#proves(name, run, endsAt))
      ? endsAt
      : latest;
  }

  removeOf(runId: string): void {
    for (const name of this.#namesOf(runId)) removeProof(this.#folder, name);
  }

  #proves(name: string, run: RunIdentity, endsAt: number | null): boolean {
    const found = readProof(this.#folder, name);
    if (typeof found === 'string') return false;
    const { format, by, endsAt: said, ...statement } = found.content;
    const isOfRun = Object.entries(run).every(([member, value]) => statement[member] === value);
    const isSo = said === null || (endsAt !== null && typeof said === 'number' && endsAt <= said);
    return format === FORMAT && isOfRun && isSo && this.#nameOf(found) === toName(by as JsonObject);
  }

  #namesOf(runId: string): readonly string[] {
    return readdirSync(this.#folder).filter((name) => name.startsWith(`${runId}.extension.`));
  }
}

function toName(by: JsonObject | undefined): string | null {
  const name = by?.['name'];
  return typeof name === 'string' ? name : null;
}
