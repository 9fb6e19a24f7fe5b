import { rmSync } from 'node:fs';
import { createRequire, isBuiltin } from 'node:module';
import { basename, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import type { BuildOptions, Plugin } from 'esbuild';
import { writeThirdPartyLicenses } from 'operator-licenses';

// A command line is started often and lives short: a few files that are ready to run, instead of
// hundreds of modules, are most of what makes it quick. bench/ holds it to that.

const engine = fileURLToPath(import.meta.resolve('operator-engine/package.json'));
const requireOfEngine = createRequire(engine);

/** The bundled files, by name. Each contains all that it needs, and loads no files but these and the engine. */
const files = {
  main: 'src/main.ts',
  'run-command-line': 'src/run-command-line.ts',
  index: 'src/index.ts',
  // What only reads never opens the ledger; inside the engine it would cost every start.
  ledger: 'ledger-in-sqlite',
  undici: 'part-of-undici',
};

/** The engine in parts: what a plan never needs, `engine/run-operations.ts`, is loaded when it is used. */
const engineInParts = { engine: 'engine-without-compiler' };

/** Leaves imports of one file by another as they are. */
const filesApart: Plugin = {
  name: 'files-apart',
  setup(builder) {
    const apart = /^operator-engine$|^undici$|^\.\/(?:main|run-command-line)\.ts$/;
    builder.onResolve({ filter: apart }, ({ path, importer, kind }) => {
      const isForeign = path.startsWith('.') && dirname(importer) !== resolve('src');
      if (isForeign || kind === 'entry-point') return null;
      return { path: `./${basename(path, '.ts').replace('operator-', '')}.js`, external: true };
    });
    builder.onResolve({ filter: /\/(?:stored-ledger|sqlite-store)\.ts$/ }, ({ kind }) =>
      kind === 'dynamic-import' ? { path: './ledger.js', external: true } : null,
    );
  },
};

/** Node's own modules, loaded when something of them is used; importing them loads all they offer. */
const builtinsLazy: Plugin = {
  name: 'builtins-lazy',
  setup(builder) {
    builder.onResolve({ filter: /^(?:node:)?\w[\w/]*$/ }, ({ path }) =>
      isBuiltin(path) ? { path, namespace: 'builtin' } : null,
    );
    builder.onLoad({ filter: /.*/, namespace: 'builtin' }, ({ path }) => ({
      contents: toLazyModule(path),
    }));
  },
};

function toLazyModule(path: string): string {
  const get = `process.getBuiltinModule(${JSON.stringify(path)})`;
  const builtin: unknown = process.getBuiltinModule(path);
  // Some are functions or classes themselves: those cannot wait.
  if (typeof builtin !== 'object' || builtin === null) return `module.exports = ${get};`;
  // As a prototype: esbuild copies what a module has of its own.
  return `module.exports = Object.create(new Proxy({}, { get: (_, name) => ${get}[name] }));`;
}

/** Files that are only written here. */
const written: Readonly<Record<string, string>> = {
  // Node's own default.
  // Loading node:assert takes longer than a whole request, and undici only asks if a condition holds.
  'part-of-assert':
    "module.exports = (holds, message) => { if (!holds) throw message instanceof Error ? message : new Error(message ?? 'undici: an assertion failed') };",
  'part-of-http': 'export const maxHeaderSize = 16384; export class IncomingMessage {}',
  // The compiler of schemas pays off for who validates all day. The order is what counts.
  'engine-without-compiler': "import 'compiler-off'; export * from './src/index.ts';",
  'ledger-in-sqlite': `
    export * from './src/ledger/rules/stored-ledger.ts';
    export * from './src/ledger/sqlite/sqlite-store.ts';`,
  'compiler-off': "import { config } from 'zod/mini'; config({ jitless: true });",
  // undici without proxies, caches, mocks and WebSockets. Its parser is WebAssembly: a command is over
  // before optimized code of it would pay.
  'part-of-undici': `
    process.getBuiltinModule('node:v8').setFlagsFromString('--wasm-tiering-budget=2000000000');
    export { default as Agent } from 'undici/lib/dispatcher/agent.js';`,
};

const filesWritten: Plugin = {
  name: 'files-written',
  setup(builder) {
    builder.onResolve({ filter: /^[a-z-]+$/ }, ({ path }) =>
      path in written ? { path, namespace: 'written' } : null,
    );
    builder.onLoad({ filter: /.*/, namespace: 'written' }, ({ path }) => ({
      contents: written[path] ?? '',
      resolveDir: dirname(engine),
    }));
  },
};

/** Dependencies without what is never used here. */
const keepLittle: Plugin = {
  name: 'keep-little',
  setup(builder) {
    // yaml as the modules that it also comes as.
    const yaml = dirname(requireOfEngine.resolve('yaml/package.json'));
    builder.onResolve({ filter: /^yaml$/ }, () => ({
      path: join(yaml, 'browser/index.js'),
      sideEffects: false,
    }));
    // undici asks node:http for the limit of headers, and for a class that it never meets here.
    builder.onResolve({ filter: /^node:http$/ }, () => ({
      path: 'part-of-http',
      namespace: 'written',
    }));
    builder.onResolve({ filter: /^node:assert$/ }, ({ importer }) =>
      /[/\\]undici[/\\]/.test(importer) ? { path: 'part-of-assert', namespace: 'written' } : null,
    );
    // undici without HTTP/2, which the engine forbids.
    builder.onLoad({ filter: /undici[/\\]lib[/\\]dispatcher[/\\]client-h2\.js$/ }, () => ({
      contents: "module.exports = () => { throw new Error('HTTP/2 is not part of this build') };",
    }));
  },
};

/** `node build.ts [FOLDER]`: where `dist` is made. */
const dist = join(process.argv[2] ?? '.', 'dist');

const chunkNames = 'engine-[name]-[hash]';

const common = {
  outdir: dist,
  bundle: true,
  format: 'esm',
  platform: 'node',
  conditions: ['@operator/source'],
  plugins: [filesApart, filesWritten, keepLittle, builtinsLazy],
  minifySyntax: true,
  minifyWhitespace: true,
  legalComments: 'none',
  metafile: true,
  define: {
    // undici asks for this name to leave out its second, experimental parser when it is bundled.
    esbuildDetection: '1',
    'performance.now': 'monotonicNow',
  },
} as const satisfies BuildOptions;

rmSync(dist, { recursive: true, force: true });
// The first file has to be understood by a Node that is too old.
await build({ ...common, target: 'node14.18', entryPoints: { bin: 'src/bin.ts' } });
const target = 'node22.19';
const inject = ['monotonic-now.ts'];
const built = [
  await build({ ...common, target, inject, entryPoints: files }),
  await build({
    ...common,
    target,
    inject,
    entryPoints: engineInParts,
    splitting: true,
    chunkNames,
  }),
];
const inputs = built.flatMap(({ metafile }) => Object.keys(metafile.inputs));
writeThirdPartyLicenses(dist, [...new Set(inputs)]);
