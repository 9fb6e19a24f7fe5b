// Run by a Node of its own, as a host would be: prints what came of opening the only subject.
import { createRequire } from 'node:module';
import { OperatorError } from 'operator-core';
import { openEngine } from 'operator-engine';

const [cwd = '.', importMs] = process.argv.slice(2);

async function list(): Promise<object> {
  try {
    const limits = { importMs: Number(importMs) };
    const options = { cwd, env: process.env, hostUrl: import.meta.url, limits };
    const engine = await openEngine(options);
    const subject = await engine.openSubject();
    const { location } = subject.plugin;
    return { actions: subject.actions.listActionNames(), location };
  } catch (error) {
    return OperatorError.isInstance(error) ? error.toJSON() : { thrown: String(error) };
  }
}

const loaded = Object.keys(createRequire(import.meta.url).cache);
const listed = await list();
const after = Object.keys(createRequire(import.meta.url).cache).slice(loaded.length);
const hasUndici = [...loaded, ...after].some((path) => path.includes('/undici/'));
process.stdout.write(JSON.stringify({ ...listed, hasUndici }));
process.exit(0);
