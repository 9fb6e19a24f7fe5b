export { CLI_ERROR_CODES } from './errors/error-codes.ts';
export type { CliErrorCode } from './errors/error-codes.ts';
export { EXIT_CODES } from './errors/exit-code.ts';
export type { CommandLineIo, TextSink } from './process/io.ts';
export { run } from './run-command-line.ts';
