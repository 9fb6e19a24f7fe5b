import { spawn, spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** A Prometheus server of one's own. */
export interface RealPrometheus {
  readonly url: string;
  readonly stop: () => Promise<void>;
}

/** `correct horse`, as Prometheus wants passwords written. */
const PASSWORD_HASH = '$2b$04$N.U1Jn2M/.oeCqmYMEE75OFWn28W6dLDkaRG.WCip5ZzAwLBQhFzy';
export const USERNAME = 'reader';
export const PASSWORD = 'correct horse';

/** Whether this machine has a `prometheus` to start. */
export function hasPrometheus(): boolean {
  return spawnSync('prometheus', ['--version']).error === undefined;
}

/**
 * Starts the `prometheus` of this machine, scraping `targets` each second, once for each set of labels. Fails when
 * there is none.
 */
export async function startPrometheus(
  targets: readonly string[],
  labels: readonly Readonly<Record<string, string>>[] = [{}],
): Promise<RealPrometheus> {
  const folder = await mkdtemp(join(tmpdir(), 'operator-prometheus-'));
  const port = await freePort();
  const config = {
    global: { scrape_interval: '1s', scrape_timeout: '1s' },
    scrape_configs: [{ job_name: 'tikv', static_configs: toConfigs(targets, labels) }],
  };
  await writeFile(join(folder, 'prometheus.yml'), JSON.stringify(config));
  await writeFile(
    join(folder, 'web.yml'),
    JSON.stringify({ basic_auth_users: { [USERNAME]: PASSWORD_HASH } }),
  );
  const child = spawn(
    'prometheus',
    [
      `--config.file=${join(folder, 'prometheus.yml')}`,
      `--web.config.file=${join(folder, 'web.yml')}`,
      `--storage.tsdb.path=${join(folder, 'data')}`,
      `--web.listen-address=127.0.0.1:${port}`,
    ],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  let log = '';
  child.stderr.on('data', (chunk: Buffer) => {
    log = (log + chunk.toString()).slice(-4000);
  });
  const ended = new Promise<string>((resolve) => {
    child.on('error', (error) => {
      resolve(`prometheus could not be started (apt-get install prometheus): ${error.message}`);
    });
    child.on('exit', (code) => {
      resolve(`prometheus ended with ${code}: ${log}`);
    });
  });
  const url = `http://127.0.0.1:${port}`;
  const failure = await Promise.race([ended, untilReady(url)]);
  if (failure !== null) throw new Error(failure);
  return {
    url,
    async stop() {
      child.kill('SIGTERM');
      await ended;
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function untilReady(url: string): Promise<null> {
  const authorization = `Basic ${Buffer.from(`${USERNAME}:${PASSWORD}`).toString('base64')}`;
  for (;;) {
    const ready = await fetch(`${url}/-/ready`, { headers: { authorization } }).then(
      (response) => response.ok,
      () => false,
    );
    if (ready) return null;
    await sleep(50);
  }
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  await new Promise<void>((resolve) => {
    server.close(() => {
      resolve();
    });
  });
  return port;
}

function toConfigs(
  targets: readonly string[],
  labels: readonly Readonly<Record<string, string>>[],
): readonly object[] {
  return labels.map((each) => ({ targets, labels: each }));
}
