import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { startTikvSim } from 'operator-tikv-sim';
import type { TikvSim } from 'operator-tikv-sim';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createProject, runInProcess } from '../support/command-line.ts';
import type { Project } from '../support/command-line.ts';

async function startMembers(): Promise<TikvSim> {
  const sim = await startTikvSim({ members: 3, regions: 10 });
  onTestFinished(() => sim.stop());
  return sim;
}

function createFolder(pdEndpoints: readonly string[] = []): Project {
  const config = { subjects: { prod: { plugin: 'operator-tikv', config: { pdEndpoints } } } };
  const project = createProject(
    pdEndpoints.length === 0 ? {} : { 'operator.config.json': JSON.stringify(config) },
  );
  onTestFinished(() => project.remove());
  return project;
}

describe('operator init', () => {
  it('writes all members of PD and the id of their cluster, having been told one', async () => {
    const sim = await startMembers();
    const { directory: cwd } = createFolder();
    const [, second = ''] = sim.endpoints;
    const argv = [
      'init',
      '--plugin',
      'operator-tikv',
      '--subject',
      'prod',
      '--pd-endpoints',
      second,
    ];
    const { exitCode, stderr } = await runInProcess(argv, { cwd });
    expect([exitCode, stderr]).toEqual([0, '']);
    const text = readFileSync(join(cwd, 'operator.config.yaml'), 'utf8');
    for (const endpoint of sim.endpoints) expect(text).toContain(endpoint);
    expect(text).toContain(`clusterId: "${sim.clusterId}"`);
    expect((await runInProcess(['observe', 'stores'], { cwd })).exitCode).toBe(0);
  });

  it('writes the given values when no endpoint answers, and reports that', async () => {
    const { directory: cwd } = createFolder();
    const argv = ['init', '--plugin', 'operator-tikv', '--pd-endpoints', 'http://127.0.0.1:1'];
    const { exitCode, stderr } = await runInProcess(argv, { cwd });
    expect(exitCode).toBe(0);
    expect(stderr).toContain('could not be read from the system');
    expect(readFileSync(join(cwd, 'operator.config.yaml'), 'utf8')).toContain('127.0.0.1:1"]');
  });
});

describe('quorum of PD that is lost', () => {
  it('ends each command with 10 and that reason, and doctor says it', async () => {
    const sim = await startMembers();
    const { directory: cwd } = createFolder(sim.endpoints);
    for (const member of ['pd1', 'pd2']) sim.faults.killMember({ member });
    const plan = ['plan', 'drain_store', '--store-id', '2'];
    for (const argv of [['observe', 'stores'], plan]) {
      const { exitCode, stderr } = await runInProcess(argv, { cwd });
      expect(exitCode).toBe(10);
      expect(stderr).toContain('PD_QUORUM_LOST');
      expect(stderr).toContain('1 of 3 PD members answers');
    }
    const doctor = await runInProcess(['doctor'], { cwd });
    expect(doctor.stdout + doctor.stderr).toContain('1 of 3 PD members answers, quorum is lost');
    expect(doctor.stdout + doctor.stderr).not.toContain('NTP');
  });
});

describe('a lease while quorum of PD is lost', () => {
  it('is not compared once that is known, and doctor says so without waiting for it', async () => {
    const sim = await startMembers();
    const { directory: cwd } = createFolder(sim.endpoints);
    const drain = ['run', 'drain_store', '--store-id', '2', '--for', '1h', '--yes', '--no-wait'];
    expect((await runInProcess(drain, { cwd })).exitCode).toBe(0);
    for (const member of ['pd1', 'pd2']) sim.faults.killMember({ member });
    const { exitCode, stdout, stderr } = await runInProcess(['doctor', '--trace'], { cwd });
    expect(stdout).toContain('1 of 3 PD members answers, quorum is lost');
    expect(stdout).toMatch(
      /warning +leases +Not compared with prod, which does not answer: \w{16}/u,
    );
    expect(exitCode).toBe(10);
    // Only the diagnosis itself has asked for the members.
    expect(stderr.match(/GET \S+\/members$/gmu)?.length ?? 0).toBeLessThan(2);
  });
});

describe('an election', () => {
  it('is reported once a second on a terminal while a read waits for it', async () => {
    const sim = await startMembers();
    const { directory: cwd } = createFolder(sim.endpoints);
    sim.faults.killMember({ member: 'pd1' });
    let seen = '';
    const reading = runInProcess(['observe', 'members'], {
      cwd,
      isTTY: true,
      onStderr: (all) => {
        seen = all;
        // The election is over when a person has read of it twice.
        if (all.split('no PD leader answers yet').length > 2) sim.clock.advance(30_000);
      },
    });
    expect((await reading).exitCode).toBe(0);
    expect(seen.match(/prod: no PD leader answers yet \(\d+ s\)/gu)?.length).toBe(2);
  });
});
