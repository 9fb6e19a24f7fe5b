// Part of the build only: the global `performance` loads node:perf_hooks, which takes longer than a request.
// Both read the same monotonic clock of the machine.
export const monotonicNow = (): number => Number(process.hrtime.bigint()) / 1e6;
