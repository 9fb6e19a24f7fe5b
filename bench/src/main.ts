import { readFile, writeFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { measureClusterMetrics } from './cluster-metrics.ts';
import { measureGate } from './gate.ts';
import { measureLargeLedger } from './large-ledger.ts';
import { measureLedger } from './ledger.ts';
import { toTable } from './measurement.ts';
import type { Measurement } from './measurement.ts';
import { measureMemory } from './memory.ts';
import { measureStartup } from './startup.ts';
import { measureTransferLeader } from './transfer-leader.ts';

const README = new URL('../README.md', import.meta.url);
const TABLE = /(<!-- last run -->\n)[\s\S]*(<!-- end of last run -->)/u;

const MEASURES: Readonly<Record<string, () => Promise<readonly Measurement[]>>> = {
  gate: measureGate,
  ledger: measureLedger,
  'large-ledger': measureLargeLedger,
  startup: measureStartup,
  'transfer-leader': measureTransferLeader,
  'cluster-metrics': measureClusterMetrics,
  memory: measureMemory,
};

const chosen = process.argv.slice(2).filter((word) => !word.startsWith('-'));
const measurements: Measurement[] = [];
for (const [name, measure] of Object.entries(MEASURES)) {
  if (chosen.length === 0 || chosen.includes(name)) measurements.push(...(await measure()));
}
const table = toTable(measurements);
process.stdout.write(`${table}\n`);
if (process.argv.includes('--keep')) await keep(table);
process.exitCode = measurements.every(({ kept }) => kept) ? 0 : 1;

async function keep(text: string): Promise<void> {
  const day = new Date().toISOString().slice(0, 10);
  const machine = `Node ${process.version}, ${cpus().length} cores, ${day}.`;
  const readme = await readFile(README, 'utf8');
  await writeFile(README, readme.replace(TABLE, `$1\n${machine}\n\n${text}\n\n$2`));
}
