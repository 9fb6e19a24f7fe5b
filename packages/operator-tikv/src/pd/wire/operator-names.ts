/** PD's name of an operator that an administrator asked for (PD API, operators). */
export interface PDOperatorName {
  readonly description: string;
  readonly brief: string;
}

/** The operator that moves a leader. */
export function transferLeaderOperator(fromStoreId: string, toStoreId: string): PDOperatorName {
  return {
    description: 'admin-transfer-leader',
    brief: `transfer leader: store ${fromStoreId} to ${toStoreId}`,
  };
}

/** The operator that moves a peer. */
export function transferPeerOperator(fromStoreId: string, toStoreId: string): PDOperatorName {
  return {
    description: 'admin-move-peer',
    brief: `mv peer: store [${fromStoreId}] to [${toStoreId}]`,
  };
}

/** Operators of the highest priority: administrators', evictions' and repairs' (PD API, operators). */
const IRREPLACEABLE = /^(?:admin|evict|fast-replace-rule|transfer-witness-leader)-/u;

/** Tells whether PD lets nothing take the place of the operator while it runs. */
export function isIrreplaceable({ description }: Pick<PDOperatorName, 'description'>): boolean {
  return IRREPLACEABLE.test(description);
}
