import { isUuid } from '@mana/shared/base/ids';
import type { RejectionCode } from '@mana/shared/wire/failures';
import { MAX_PUSH_OPS } from '@mana/shared/wire/limits';
import { NO_OP_ID, opSchema, type Op, type PushResult } from '@mana/shared/wire/sync';
import { safeParse } from 'zod/v4/core';

export interface AdmittedOps {
  /** In their order. */
  readonly ops: readonly Op[];
  readonly refused: readonly PushResult[];
}

/** Reads each operation by itself: what is malformed, comes twice, or is one too many is refused with its place, and the others go on. */
export function admitOps(arrived: readonly unknown[]): AdmittedOps {
  const ops: Op[] = [];
  const refused: PushResult[] = [];
  const seen = new Set<string>();
  for (const [place, given] of arrived.entries()) {
    const read = safeParse(opSchema, given);
    const op = read.success ? read.data.op : idIn(given);
    const code = refusalOf(op, { isRead: read.success, isSeen: seen.has(op), count: ops.length });
    if (read.success && !code) ops.push(read.data);
    else refused.push({ op, status: 'rejected', code: code ?? 'MALFORMED', place, seq: 0 });
    seen.add(op);
  }
  return { ops, refused };
}

function refusalOf(op: string, { isRead, isSeen, count }: { isRead: boolean; isSeen: boolean; count: number }): RejectionCode | undefined {
  if (!isRead) return 'MALFORMED';
  if (isSeen) return 'SAME_OPERATION_ID';
  return count >= MAX_PUSH_OPS ? 'TOO_MANY_OPERATIONS' : undefined;
}

/** The id of an operation that cannot be read otherwise. */
function idIn(given: unknown): string {
  const op: unknown = typeof given === 'object' && given !== null && 'op' in given ? given.op : undefined;
  return typeof op === 'string' && isUuid(op) ? op : NO_OP_ID;
}
