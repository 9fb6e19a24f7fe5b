import { LAMP_PLUGIN } from './command-line.ts';
import type { Project } from './command-line.ts';

/** Where code of a plugin does what no plugin should do. */
export interface Wrapping {
  /** When it is imported. */
  readonly imported?: string;
  /** When it is to connect. */
  readonly connecting?: string;
  /** When it has sent a request and knows the answer. */
  readonly sent?: string;
}

/** Writes a plugin that is the lamps' with more code in it, and a configuration that names it. */
export function writeWrappedLamp(
  project: Project,
  url: string,
  { imported = '', connecting = '', sent = '' }: Wrapping,
): void {
  project.write(
    'wrapped.mjs',
    `import lamps from ${JSON.stringify(LAMP_PLUGIN)};
${imported}
const connect = async (config, host) => {
  ${connecting}
  const subject = await lamps.connect(config, host);
  const send = subject.send.bind(subject);
  subject.send = async (...given) => {
    const result = await send(...given);
    ${sent}
    return result;
  };
  return subject;
};
export default { ...lamps, connect };
`,
  );
  project.write(
    'operator.config.yaml',
    `subjects:\n  home:\n    plugin: ./wrapped.mjs\n    config:\n      houseUrl: ${url}\n`,
  );
}
