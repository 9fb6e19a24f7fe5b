import { advise } from 'operator-core';
import type { OperatorError } from 'operator-core';
import { createEngineError } from '../../../errors/engine-error.ts';
import { operations } from '../../../errors/operations.ts';

/** Content of an anchor: the number and the hash of an entry. */
export interface Anchor {
  readonly ledgerId: string;
  readonly sequence: number;
  readonly hash: string;
}

const FORMAT =
  /^operator-audit\/1 ledger=(?<ledger>[0-9a-f-]{36}) entry=(?<entry>\d{1,15}) hash=(?<hash>[0-9a-f]{64})(?: .*)?$/u;

/** One line that can be kept anywhere. */
export function formatAnchor({ ledgerId, sequence, hash }: Anchor, at?: string): string {
  const time = at === undefined ? '' : ` at=${at}`;
  return `operator-audit/1 ledger=${ledgerId} entry=${sequence} hash=${hash}${time}`;
}

/** Throws `ANCHOR_INVALID`. */
export function parseAnchor(line: string): Anchor {
  const groups = FORMAT.exec(line.trim())?.groups;
  if (groups === undefined) throw createInvalid(line, 'it is not the line that was printed');
  const { ledger = '', entry, hash = '' } = groups;
  return { ledgerId: ledger, sequence: Number(entry), hash };
}

function createInvalid(line: string, why: string): OperatorError {
  return createEngineError('ANCHOR_INVALID', {
    message: `The anchor cannot be used: ${why}.`,
    remedy: advise`Give one whole line that ${operations.makeAnchor} printed.`,
    facts: { anchor: line.slice(0, 300) },
  });
}
