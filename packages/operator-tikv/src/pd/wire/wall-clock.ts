/** The machine's clock, in milliseconds since the epoch: only for comparison with times that PD and the host give. */
export function wallNow(): number {
  return Date.now();
}
