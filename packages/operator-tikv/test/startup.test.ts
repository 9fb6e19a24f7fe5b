import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';

const run = promisify(execFile);

it('is imported without any HTTP library: listing actions must cost little', async () => {
  const index = new URL('../src/index.ts', import.meta.url).href;
  const script = `
    const plugin = (await import(${JSON.stringify(index)})).default;
    const { Module } = await import('node:module');
    const loaded = Object.keys(Module._cache).filter((path) => /[\\\\/]undici[\\\\/]/.test(path));
    console.log(JSON.stringify({ lists: plugin.actions.length > 0, loaded: loaded.length }));
    await import('undici');
    const after = Object.keys(Module._cache).filter((path) => /[\\\\/]undici[\\\\/]/.test(path));
    console.log(after.length > 0);
  `;
  const { stdout } = await run(
    process.execPath,
    ['--conditions=@operator/source', '--input-type=module', '--eval', script],
    { cwd: new URL('..', import.meta.url) },
  );
  // The second line shows that the first one would have seen it.
  expect(stdout.trim().split('\n')).toEqual(['{"lists":true,"loaded":0}', 'true']);
});
