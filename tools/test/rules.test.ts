import { describe, expect, it } from 'vitest';
import { listFiles, listPackages } from '../src/repository.ts';
import type { Manifest, SourceFile, WorkspacePackage } from '../src/repository.ts';
import { checkChangesets } from '../src/rules/changesets.ts';
import { checkDocumented } from '../src/rules/documented.ts';
import { checkFileNames } from '../src/rules/file-names.ts';
import { checkArchitecture } from '../src/rules/architecture.ts';
import { checkFolders } from '../src/rules/folders.ts';
import { ALLOWED_IMPORTS, checkImports, importsOf } from '../src/rules/imports.ts';
import { anchorsOf, checkLinks } from '../src/rules/links.ts';
import { checkManifests } from '../src/rules/manifests.ts';
import { checkWords } from '../src/rules/words.ts';

const at = (path: string, text = ''): SourceFile => ({ path, text });

function packageOf(name: string, manifest: Partial<Manifest> = {}): WorkspacePackage {
  return { folder: `packages/${name}`, manifest: { name, version: '1.2.3', ...manifest } };
}

describe('listing', () => {
  it('finds the files of the repository and its packages', async () => {
    const paths = (await listFiles()).map(({ path }) => path);
    expect(paths).toContain('tools/src/repository.ts');
    expect(paths.filter((path) => path.includes('node_modules'))).toEqual([]);
    const names = (await listPackages()).map(({ manifest }) => manifest.name);
    expect(names).toEqual(Object.keys(ALLOWED_IMPORTS).toSorted());
  });
});

describe('words', () => {
  // Put together here, so that this file keeps the rules too.
  const later = ['TO', 'DO'].join('');
  const skip = ['it', 'skip'].join('.');
  it.each([
    [
      'packages/a/src/x.ts',
      `// ${later}: more`,
      `packages/a/src/x.ts:1: work left for later: ${later}`,
    ],
    [
      'docs/a.md',
      `text\nin ${['/ro', 'ot/'].join('')}x`,
      'docs/a.md:2: a path of one machine: /ro',
    ],
    ['docs/a.md', `"${['/tm', 'p/'].join('')}x"`, 'docs/a.md:1: a path of one machine: /tm'],
    [
      'packages/a/test/x.test.ts',
      `${skip}('x')`,
      'packages/a/test/x.test.ts:1: a test that does not run',
    ],
    [
      'packages/operator-core/src/x.ts',
      '/** A TiKV store. */',
      'a word of one subject in the contract or the engine: TiKV',
    ],
    [
      'packages/operator-core/README.md',
      'asks PD for',
      'a word of one subject in the contract or the engine: PD',
    ],
    [
      'packages/operator-core/src/x.ts',
      '/** `region:42`, or all regions. */',
      'a thing of one subject in the contract or the engine: region',
    ],
    [
      'packages/operator-engine/src/x.ts',
      '/** Where it stays: `store:4`. */',
      'a thing of one subject in the contract or the engine: store:4',
    ],
    [
      'packages/operator-engine/src/planning/x.ts',
      'const now = Date.now();',
      'a clock beside the one of the engine: Date.now',
    ],
    [
      'packages/operator-tikv/src/x.ts',
      'new Date().toISOString()',
      'a clock beside the one of the engine: new Date()',
    ],
    [
      'packages/operator-tikv/src/x.ts',
      "remedy: 'Look: operator observe stores'",
      'a command line where an operation belongs (`advise`): operator observe',
    ],
    [
      'packages/operator-engine/README.md',
      'knows TiKV',
      'a word of one subject in the contract or the engine: TiKV',
    ],
  ])('finds in %s: %j', (path, text, problem) => {
    expect(checkWords([at(path, text)])).toEqual([expect.stringContaining(problem)]);
  });

  it.each([
    ['packages/a/src/x.ts', 'const mastodon = todos; // tmp/x, https://a.b/work/x'],
    ['packages/a/src/x.ts', 'sequence.skip(2)'],
    ['packages/a/test/fixtures/x.txt', later],
    ['packages/a/src/x.ts', 'TiKV and PD'],
    ['packages/operator-core/src/x.ts', 'upd, draft'],
    ['packages/operator-engine/src/clock/machine-clock.ts', 'Date.now()'],
    ['packages/operator-cli/src/process/wall-clock.ts', 'Date.now()'],
    ['packages/operator-engine/src/x.ts', 'new Date(at).toISOString()'],
    ['packages/operator-tikv-sim/src/options.ts', 'Date.now()'],
    ['packages/operator-tikv/src/x.ts', 'No operator runs on region 9, or PD cancelled it.'],
    ['packages/operator-core/test/x.test.ts', "['region', 'regions']"],
  ])('finds nothing in %s: %j', (path, text) => {
    expect(checkWords([at(path, text)])).toEqual([]);
  });
});

describe('file names', () => {
  it.each([
    'packages/a/src/fileName.ts',
    'packages/a/src/file_name.ts',
    'packages/A/src/x.ts',
    'docs/Guide.md',
  ])('finds %s', (path) => {
    expect(checkFileNames([at(path)])).toHaveLength(1);
  });

  it.each([
    'README.md',
    'LICENSE',
    '.ci/run',
    '.changeset/first-release.md',
    'packages/a/test/types/x.test-d.ts',
    'packages/a/test/fixtures/8.5/GetRegion.json',
    '.oxlintrc.json',
  ])('lets %s be', (path) => {
    expect(checkFileNames([at(path)])).toEqual([]);
  });
});

describe('links', () => {
  const page = at('docs/page.md', '# One page\n\n## A `b` c!\n\n## Twice\n\n## Twice\n');
  it.each([
    '[x](../README.md)',
    '[x](page.md#a-b-c)',
    '[x](page.md#twice-1)',
    '[x](#here)',
    '[x](../docs)',
    '[x](https://example.org/nothing)',
    '`[x](nothing.md)`',
    '```md\n[x](nothing.md)\n```',
  ])('lets %j be', (text) => {
    const files = [page, at('README.md'), at('docs/from.md', `# Here\n\n${text}\n`)];
    expect(checkLinks(files)).toEqual([]);
  });

  it.each([
    '[x](nothing.md)',
    '[x](page.md#d)',
    '[x](#there)',
    '[x](../README.md#a)',
    '[x](../src)',
  ])('finds %j', (text) => {
    const files = [page, at('README.md'), at('docs/from.md', `# Here\n\n${text}\n`)];
    expect(checkLinks(files)).toHaveLength(1);
  });

  it('makes anchors as code forges do', () => {
    expect(anchorsOf(page.text)).toEqual(['one-page', 'a-b-c', 'twice', 'twice-1']);
  });
});

describe('documented exports', () => {
  const core = (text: string) => at('packages/operator-core/src/x.ts', text);

  it('finds those that say nothing', () => {
    const text =
      '/** One. */\nexport const one = 1;\nexport function two() {}\n\nexport type Three = 3;\n';
    expect(checkDocumented([core(text)])).toEqual([
      'packages/operator-core/src/x.ts: two is not documented',
      'packages/operator-core/src/x.ts: Three is not documented',
    ]);
  });

  it('lets be what is documented, what is not exported, and other packages', () => {
    const text =
      "/**\n * One.\n */\n// for a tool\nexport class One {}\nconst two = 2;\nexport * from './y.ts';\n";
    expect(checkDocumented([core(text), at('packages/a/src/x.ts', 'export const a = 1;')])).toEqual(
      [],
    );
  });
});

describe('imports', () => {
  it('reads every form of import, and nothing that only looks like one', () => {
    const source = [
      `import one from 'a';`,
      `import type { x } from "b";`,
      `import {\n  y,\n  z,\n} from 'c/d';`,
      `import 'e';`,
      `export * from 'f';`,
      `const g = await import('g');`,
      `const text = "from 'h'";`,
      `export const from = 'i';`,
    ].join('\n');
    expect(importsOf(source)).toEqual(['a', 'b', 'c/d', 'e', 'f', 'g']);
  });

  const tikv = packageOf('operator-tikv', {
    dependencies: { undici: 'catalog:' },
    peerDependencies: { 'operator-core': 'workspace:^' },
  });
  it.each([
    ["import 'operator-engine';", 'operator-tikv may not import operator-engine'],
    ["import 'zod';", 'zod is not among its dependencies'],
    ["import '../../operator-core/src/json.ts';", 'leaves the package'],
    ["await import('operator-cli');", 'operator-tikv may not import operator-cli'],
  ])('finds %j', (text, problem) => {
    expect(checkImports([tikv], [at('packages/operator-tikv/src/x.ts', text)])).toEqual([
      expect.stringContaining(problem),
    ]);
  });

  it('lets be what points the right way and is declared, and all tests', () => {
    const text =
      "import 'operator-core'; \nimport 'node:fs';\nimport './y.ts';\nimport 'undici/types';";
    const files = [
      at('packages/operator-tikv/src/x.ts', text),
      at('packages/operator-tikv/test/x.ts', "import 'operator-engine';"),
    ];
    expect(checkImports([tikv], files)).toEqual([]);
  });

  it('finds a dependency that points the wrong way, and a package without an entry', () => {
    const core = packageOf('operator-core', { dependencies: { 'operator-engine': 'workspace:^' } });
    expect(checkImports([core], [])).toEqual([
      'packages/operator-core/package.json: operator-core may not depend on operator-engine',
    ]);
    expect(checkImports([packageOf('operator-new')], [])).toEqual([
      'packages/operator-new: operator-new does not stand in the table of allowed imports',
    ]);
  });
});

describe('the architecture page', () => {
  const source = at('packages/operator-engine/src/runs/a.ts', 'the lease of a run');
  const page = (text: string) => at('ARCHITECTURE.md', text);
  const good = '`runs` carries runs out.\n\n## Glossary\n\n| lease | an effect |\n';

  it('is kept by files, folders and words that there are', () => {
    expect(checkArchitecture([source, page(good)])).toEqual([]);
    expect(checkArchitecture([source])).toEqual(['ARCHITECTURE.md: is not there']);
  });

  it('is not kept by a path that is gone, a folder that it leaves out, or a word of no source', () => {
    const bad = '`tools/src/gone.ts` and `runs/gone.ts`\n\n## Glossary\n\n| seance | none |\n';
    expect(checkArchitecture([source, page(bad)])).toEqual([
      'ARCHITECTURE.md: tools/src/gone.ts is not there',
      'ARCHITECTURE.md: runs/gone.ts is not there',
      'ARCHITECTURE.md: the folder runs of the engine is not explained',
      'ARCHITECTURE.md: no source has the word seance of the glossary',
    ]);
  });
});

describe('folders', () => {
  const core = packageOf('operator-core');
  const sources = [
    at('packages/operator-core/src/index.ts', "export * from './host/a.ts';"),
    at('packages/operator-core/src/host/a.ts', "import '../contract/b.ts'; import './d.ts';"),
    at('packages/operator-core/src/contract/b.ts', "import '../json/c.ts';"),
    at('packages/operator-core/src/json/c.ts', "import 'node:fs';"),
  ];

  it('lets imports be that point down or stay in their folder', () => {
    expect(checkFolders([core], sources)).toEqual([]);
  });

  it('finds an import of a type from a folder above', () => {
    const up = at('packages/operator-core/src/json/e.ts', "import type { A } from '../host/a.ts';");
    expect(checkFolders([core], [...sources, up])).toEqual([
      'packages/operator-core/src/json/e.ts: imports upward from packages/operator-core/src/host/a.ts',
    ]);
  });

  it('finds a folder that stands in no order, and one that is gone', () => {
    const other = at('packages/operator-core/src/other/e.ts', '');
    expect(checkFolders([core], [...sources.slice(0, 3), other])).toEqual([
      'packages/operator-core/src/json: stands in the order of folders and holds no file',
      'packages/operator-core/src/other/e.ts: its folder stands in no order of folders',
    ]);
  });
});

describe('manifests', () => {
  const exports = {
    '.': { '@operator/source': 's', types: 't', default: 'd' },
    './package.json': './package.json',
  };
  const good: Partial<Manifest> = {
    description: 'A package',
    license: 'Apache-2.0',
    type: 'module',
    sideEffects: false,
    files: ['dist', 'src'],
    engines: { node: '>=22.19' },
    exports,
    publishConfig: {
      access: 'public',
      exports: { '.': { types: 't', default: 'd' } },
    },
    dependencies: { zod: 'catalog:', 'operator-core': 'workspace:^' },
  };

  it('lets a good one be, and asks little of a private one', () => {
    expect(
      checkManifests([packageOf('operator-a', good), packageOf('b', { private: true })]),
    ).toEqual([]);
  });

  it.each<[string, Partial<Manifest>]>([
    ['description', { description: '' }],
    ['license', { license: 'MIT' }],
    ['ES module', { type: 'commonjs' }],
    ['side effects', { sideEffects: true }],
    ['files', { files: ['dist'] }],
    ['Node', { engines: { node: '>=20' } }],
    [
      '@operator/source, types, default',
      { exports: { ...exports, '.': { types: 't', import: 'd' } } },
    ],
    ['package.json', { exports: { '.': exports['.'] } }],
    ['publicly', { publishConfig: { ...good.publishConfig, access: 'restricted' } }],
    ['types, default', { publishConfig: { ...good.publishConfig, exports } }],
    ['zod', { dependencies: { zod: '^4.6.7' } }],
    ['operator-core', { peerDependencies: { 'operator-core': '^1.0.0' }, dependencies: {} }],
  ])('finds what is wrong with its %s', (word, different) => {
    const problems = checkManifests([packageOf('operator-a', { ...good, ...different })]);
    expect(problems).toEqual([expect.stringContaining(word)]);
  });
});

describe('changesets', () => {
  const changeset = (head: string, words = 'Something.') =>
    at('.changeset/some-change.md', `---\n${head}\n---\n\n${words}\n`);
  const packages = [packageOf('operator-a'), packageOf('operator-b')];

  it('are enough when they name every package, together with changelogs', () => {
    const both = changeset('\'operator-a\': minor\n"operator-b": patch');
    expect(checkChangesets(packages, [both])).toEqual([]);
    const log = at('packages/operator-b/CHANGELOG.md', '# operator-b\n\n## 1.2.3\n\nSome.\n');
    expect(checkChangesets(packages, [changeset('operator-a: major'), log])).toEqual([]);
  });

  it('are missed where neither they nor a changelog of this version name a package', () => {
    const log = at('packages/operator-b/CHANGELOG.md', '# operator-b\n\n## 1.2.2\n\nSome.\n');
    expect(checkChangesets(packages, [changeset('operator-a: major'), log])).toEqual([
      'operator-b: no changeset and no entry in its changelog',
    ]);
    expect(checkChangesets(packages, [at('.changeset/README.md', 'x')])).toHaveLength(2);
  });

  it.each([
    [changeset('operator-a: huge\noperator-b: minor'), 'is not a changeset'],
    [at('.changeset/x.md', 'no front matter'), 'is not a changeset'],
    [changeset('operator-a: minor\noperator-b: minor', ' '), 'does not say what changed'],
    [changeset('operator-a: minor\noperator-b: minor\noperator-c: minor'), 'names operator-c'],
  ])('are refused when they are none: %j', (file, problem) => {
    expect(checkChangesets(packages, [file])[0]).toContain(problem);
  });
});
