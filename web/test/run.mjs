// The tests of this folder: bundled by esbuild, because they are TypeScript, then run by node.
import { build } from 'esbuild';
import { emoji } from '../emoji.mjs';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url)), out = mkdtempSync(join(tmpdir(), 'web-test-'));
const names = readdirSync(here).filter(f => f.endsWith('.test.ts'));
// What a module looks at when it is loaded, and a test has no browser for.
const banner = { js: `const store = () => { const m = new Map(); return { getItem: k => m.get(k) ?? null, setItem: (k, v) => m.set(k, String(v)), removeItem: k => m.delete(k) }; };
Object.assign(globalThis, { localStorage: globalThis.localStorage ?? store(), sessionStorage: globalThis.sessionStorage ?? store(), addEventListener() {}, location: new URL('https://here.test/home'), history: { state: { key: 'k', y: 0 } }, matchMedia: () => ({ matches: false, addEventListener() {} }), document: { addEventListener() {}, documentElement: { dataset: {} } } });` };
try {
  await build({ entryPoints: names.map(n => join(here, n)), bundle: true, platform: 'node', format: 'esm', outdir: out, outExtension: { '.js': '.mjs' },
    jsx: 'automatic', jsxImportSource: 'preact', external: ['node:*', 'locale:*'], loader: { '.svg': 'text' }, banner, plugins: [emoji], logLevel: 'warning' });
  process.exitCode = spawnSync(process.execPath, ['--test', '--test-reporter=spec', ...names.map(n => join(out, n.replace(/\.ts$/, '.mjs')))], { stdio: 'inherit' }).status ?? 1;
} finally {
  rmSync(out, { recursive: true, force: true });
}
