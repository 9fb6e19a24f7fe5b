/** A request by HTTP that changes nothing although its method could: declared as data by the plugin. */
export interface HttpRead {
  readonly method: 'POST';
  /** The exact path, without query. */
  readonly path: string;
}

/**
 * Statements of another protocol that change nothing, by name: commands of RESP, full method names of gRPC. The
 * client of the plugin asks `PluginHost.admit` before each statement. SQL has no such list: see the decision page
 * "What reads only means".
 */
export interface StatementReads {
  /** As in `StatementRequest`. */
  readonly protocol: string;
  readonly names: readonly string[];
}

/** Requests that only read. */
export type ReadDeclaration = HttpRead | StatementReads;
