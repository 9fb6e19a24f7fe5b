import { afterEach, beforeEach } from 'vitest';
import { createProject, lampConfig, runInProcess } from './command-line.ts';
import type { Ended, Project, Settings } from './command-line.ts';
import { startLamps } from './lamp-server.ts';
import type { LampServer } from './lamp-server.ts';

/** A lamp server with a configuration, new for every test. */
export interface House {
  lamps: LampServer;
  project: Project;
  /** Runs a command line beside the configuration. */
  operator(argv: readonly string[], settings?: Partial<Settings>): Promise<Ended>;
  /** Paths of the requests that were to change something. */
  sent(): readonly string[];
}

export function useHouse(): House {
  const house: House = {
    lamps: undefined as never,
    project: undefined as never,
    operator: async (argv, settings = {}) =>
      runInProcess(argv, { cwd: house.project.directory, ...settings }),
    sent: () =>
      house.lamps.requests.filter(({ method }) => method !== 'GET').map(({ path }) => path),
  };
  beforeEach(async () => {
    house.lamps = await startLamps();
    house.project = createProject({ 'operator.config.yaml': lampConfig(house.lamps.url) });
  });
  afterEach(async () => {
    await house.lamps.stop();
    house.project.remove();
  });
  return house;
}
