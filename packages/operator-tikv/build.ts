import { rmSync } from 'node:fs';
import { build } from 'esbuild';
import { writeThirdPartyLicenses } from 'operator-licenses';

// A command line loads its plugins at every start: one file instead of hundreds is most of what makes
// that quick (docs/decisions, bench/). Contract and schemas are in it: copies of them are harmless,
// because hosts match by data and brands. undici stays outside and is loaded when it is needed.
rmSync('dist', { recursive: true, force: true });
const { metafile } = await build({
  entryPoints: ['src/index.ts'],
  outdir: 'dist',
  bundle: true,
  format: 'esm',
  platform: 'node',
  target: 'node22.19',
  conditions: ['@operator/source'],
  external: ['undici'],
  inject: ['compiler-off.ts', 'monotonic-now.ts'],
  define: { 'performance.now': 'monotonicNow' },
  minifySyntax: true,
  minifyWhitespace: true,
  sourcemap: true,
  sourcesContent: false,
  metafile: true,
});
writeThirdPartyLicenses('dist', Object.keys(metafile.inputs));
