/** An id as Go prints it after the conversion to 64 unsigned bits. */
export function unsigned(id: number): bigint {
  return BigInt.asUintN(64, BigInt(id));
}
