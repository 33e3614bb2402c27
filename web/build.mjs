// Bundle the client: node build.mjs [--out DIR] [--stamp FILE --dep FILE]
//
// DIR gets static/client/NAME-HASH.js and .css, each with a brotli form beside it; the server embeds the folder (tools/embed.py).  The
// build fails when a text has no translation, and when what the home page loads first is larger than BUDGET.
import { build } from 'esbuild';
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { emoji } from './emoji.mjs';
import { catalogues, check } from './texts.mjs';

const BUDGET = 120 * 1024;
const here = dirname(fileURLToPath(import.meta.url));
const { values: args } = parseArgs({ options: { out: { type: 'string', default: 'dist' }, stamp: { type: 'string' }, dep: { type: 'string' } } });
const out = join(resolve(args.out), 'static/client');
const tokens = join(here, '../share/static/base.css');

// The colours and sizes of the server's own pages, up to the marker: one definition for both.
const shared = {
  name: 'shared',
  setup(b) {
    b.onResolve({ filter: /^tokens\.css$/ }, () => ({ path: tokens, namespace: 'tokens' }));
    b.onLoad({ filter: /.*/, namespace: 'tokens' }, () => ({ contents: readFileSync(tokens, 'utf8').split('/* end of tokens */')[0], loader: 'css' }));
    b.onResolve({ filter: /^locale:/ }, a => ({ path: a.path.slice(7), namespace: 'locale' }));
    b.onLoad({ filter: /.*/, namespace: 'locale' }, a => ({ contents: JSON.stringify(catalogues()[a.path].texts), loader: 'json' }));
  },
};

function files(dir) {
  return readdirSync(dir, { withFileTypes: true }).flatMap(e => (e.isDirectory() ? files(join(dir, e.name)) : [join(dir, e.name)]));
}

const common = { bundle: true, minify: true, target: 'es2022', outdir: out, entryNames: '[name]-[hash]', chunkNames: 'chunk-[hash]',
  assetNames: '[name]-[hash]', metafile: true, plugins: [shared, emoji], legalComments: 'none', logLevel: 'warning', absWorkingDir: here };

const wrong = check();
if (wrong.length) {
  console.error(wrong.join('\n'));
  process.exit(1);
}
rmSync(out, { recursive: true, force: true });
mkdirSync(out, { recursive: true });
const js = await build({ ...common, entryPoints: ['src/boot.ts', 'src/main.tsx'], format: 'esm', splitting: true,
  jsx: 'automatic', jsxImportSource: 'preact', loader: { '.svg': 'file' } });
// The worker stands alone, at the root of the site.
const sw = await build({ ...common, entryPoints: ['src/worker/sw.ts'], format: 'iife' });
const css = await build({ ...common, entryPoints: ['src/style.css'], format: 'esm' });
const outputs = { ...js.metafile.outputs, ...sw.metafile.outputs, ...css.metafile.outputs };
const named = source => Object.keys(outputs).find(name => outputs[name].entryPoint === source);

// What stands on the wire before home can be drawn: the two scripts and whatever they import at once, the style and the icons.
function first(name, seen = new Set()) {
  if (seen.has(name)) return seen;
  seen.add(name);
  for (const i of outputs[name].imports) if (i.kind === 'import-statement') first(i.path, seen);
  return seen;
}

const sizes = {};
for (const name of Object.keys(outputs)) {
  const bytes = readFileSync(join(here, name));
  const br = brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length } });
  sizes[name] = { raw: bytes.length, gzip: gzipSync(bytes, { level: 9 }).length, br: br.length };
  if (br.length < bytes.length) writeFileSync(join(here, name) + '.br', br);
}
const home = new Set([...first(named('src/boot.ts')), ...first(named('src/main.tsx')), named('src/style.css'),
  ...Object.keys(outputs).filter(n => n.endsWith('.svg'))]);
const sum = (names, key) => [...names].reduce((n, name) => n + sizes[name][key], 0);
const kb = n => (n / 1024).toFixed(1);
const brotli = sum(home, 'br'), gzip = sum(home, 'gzip');
console.log(`web client: first view of home ${kb(brotli)} KB brotli, ${kb(gzip)} KB gzip of ${kb(BUDGET)}; all ${kb(sum(Object.keys(outputs), 'br'))} KB brotli in ${Object.keys(outputs).length} files`);
if (gzip > BUDGET) {
  console.error('the first view of home is too large');
  process.exit(1);
}
if (args.stamp) writeFileSync(args.stamp, '');
if (args.dep) {
  const inputs = [...files(join(here, 'src')), ...files(join(here, 'locale')), tokens, join(here, 'texts.mjs'), join(here, 'emoji.mjs'), join(here, 'package-lock.json')];
  const folders = [...new Set(inputs.map(dirname))].filter(d => statSync(d).isDirectory());
  writeFileSync(args.dep, `${args.stamp}: ${[...inputs, ...folders].map(p => p.replaceAll(' ', '\\ ')).join(' ')}\n`);
}
