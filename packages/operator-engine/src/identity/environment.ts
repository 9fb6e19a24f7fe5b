/** The environment of the process, or what stands for it. */
export type Environment = Readonly<Record<string, string | undefined>>;
