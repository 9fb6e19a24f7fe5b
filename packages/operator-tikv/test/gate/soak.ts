/** Whether the longer proofs are asked for: `pnpm test:soak`. */
export const isSoak = process.env['OPERATOR_SOAK'] !== undefined;
