export { CLI_ERROR_CODES } from './error-codes.ts';
export type { CliErrorCode } from './error-codes.ts';
export { EXIT_CODES } from './exit-code.ts';
export type { CommandLineIo, TextSink } from './io.ts';
export { run } from './run-command-line.ts';
