// What a real browser builds from cleaned HTML: nothing outside the list, no script run, and just the tree that was written.
//
//   node test_sanitizer.mjs PATH/TO/html_filter
//
// Exit code 77 (skipped) without Chromium.  The corpora come from the project's shared reference data when that is there.
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const SKIPPED = 77;
const here = dirname(fileURLToPath(import.meta.url));
const shared = process.env.DASSIE_SHARED ?? join(here, '../../../shared');
const chromium = [process.env.CHROMIUM, '/usr/bin/chromium', '/usr/bin/chromium-browser'].find((p) => p && existsSync(p));
if (!chromium) {
    console.log('skipped: no Chromium');
    process.exit(SKIPPED);
}

// Our own: one for each way in which a tree can differ from its text.
const own = [
    '<p>a<p>b', '<b><p>x</b>y', '<a href=http://a.example><p><a href=http://b.example>x', '<ul><li>a<li><ul><li>b</ul>c',
    '<pre>\n\nx</pre>', '<pre>\n<b>\nx', '<ruby>a<rt>b<rp>c<rt>d</ruby>e', '<h1>a<h2>b</h1>c', '<table><td><p>x<tr><b>y',
    '<svg><style><img src=x onerror=window.hit=1></style></svg>', '<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=window.hit=1&gt;">',
    '<noscript><p title="</noscript><img src=x onerror=window.hit=1>">', '<form><math><mtext></form><form><mglyph><style></math><img src onerror=window.hit=1>',
    '<select><template><script>window.hit=1</script></template></select>', '<a href="jav&#x09;ascript:window.hit=1">x</a>',
    '<a href="https://a.example/&quot; onclick=&quot;window.hit=1">x</a>', "<p lang='en\" onclick=\"window.hit=1'>x", '<p class="h-x&quot;y mention">x',
    '<li>a<blockquote><li>b', '<code><ul><li>x</code>y', '<i><b><u><s><em><strong><p>x</i>y<p>z', '<del><p>a</del>b', '</p></br></li>x',
    '<textarea></textarea><img src=x onerror=window.hit=1>', '<title><b>x</title>y', '<!--><img src=x onerror=window.hit=1>-->', '<p><ruby><p>x',
    'a<div>b</div><hr>c', '\u0000<b\u0000>x', '<b>'.repeat(200) + 'x', '<ul><li>'.repeat(100) + 'x', '<a href=http://a.example>'.repeat(50) + 'x',
    '<span>'.repeat(100) + '<p>x', '<blockquote><p>'.repeat(60) + 'x',
];

async function corpora() {
    const found = [];
    const purify = join(shared, 'corpora/html/dompurify/fixtures/expect.mjs');
    if (existsSync(purify))
        found.push(...(await import(purify)).default.map((c) => c.payload));
    const loofah = join(shared, 'corpora/html/loofah/testdata_sanitizer_tests1.dat');
    if (existsSync(loofah))
        for (const [, text] of readFileSync(loofah, 'utf8').matchAll(/"input": ("(?:[^"\\]|\\.)*")/g))
            found.push(JSON.parse(text));
    const blns = join(shared, 'corpora/text/blns/blns.json');
    if (existsSync(blns))
        found.push(...JSON.parse(readFileSync(blns, 'utf8')));
    return found;
}

// Runs in the page.
function check(cases) {
    const tags = new Set('P BR SPAN A DEL S PRE BLOCKQUOTE CODE B STRONG U I EM UL OL LI RUBY RT RP'.split(' '));
    const attributes = new Set('href lang class translate rel target start reversed value'.split(' '));
    const schemes = new Set('http https dat dweb ipfs ipns ssb gopher xmpp magnet gemini'.split(' '));
    const tree = (node) => {
        if (node.nodeType === Node.TEXT_NODE) return node.data;
        const inside = [...node.childNodes].map(tree).join('');
        return `<${node.localName}>${inside}${node.localName === 'br' ? '' : `</${node.localName}>`}`;
    };
    const decode = (text) => Object.assign(document.createElement('textarea'), { innerHTML: text }).value;
    const problems = [];
    cases.forEach(({ source, clean }, at) => {
        const box = document.createElement('div');
        document.body.append(box);
        box.innerHTML = clean;
        const bad = (what) => problems.push({ at, what, source: source.slice(0, 300), clean: clean.slice(0, 300) });
        const walker = document.createTreeWalker(box, NodeFilter.SHOW_ALL);
        while (walker.nextNode()) {
            const node = walker.currentNode;
            if (node.nodeType === Node.TEXT_NODE) continue;
            if (node.nodeType !== Node.ELEMENT_NODE || !tags.has(node.tagName)) { bad(`node ${node.nodeName}`); continue; }
            for (const { name } of node.attributes) if (!attributes.has(name)) bad(`attribute ${name}`);
            if (node.tagName === 'A' && !schemes.has(node.protocol.slice(0, -1))) bad(`link ${node.getAttribute('href')}`);
        }
        // The same tags around the same text as were written.
        const written = clean.replace(/<(\w+)[^>]*>/g, '<$1>');
        const wanted = written.split(/(<[^>]*>)/).map((part, i) => (i % 2 ? part : decode(part))).join('');
        const built = [...box.childNodes].map(tree).join('');
        if (built !== wanted) bad(`built ${built.slice(0, 300)}`);
        if (window.hit) { bad('a script ran'); window.hit = 0; }
        box.remove();
    });
    return problems;
}

const sources = [...own, ...(await corpora())].map((s) => String(s ?? '').replaceAll('\0', ''));
const filtered = execFileSync(process.argv[2], { input: sources.join('\0') + '\0', maxBuffer: 1 << 28 }).toString().split('\0');
const cases = sources.map((source, i) => ({ source, clean: filtered[i] }));
const folder = mkdtempSync(join(tmpdir(), 'sanitizer-'));
let dom;
try {
    const data = JSON.stringify(cases).replaceAll('<', '\\u003c');
    writeFileSync(join(folder, 'page.html'), `<!doctype html><meta charset=utf-8><body><script>${check}
const result = check(${data});
document.body.replaceChildren();
document.body.append(Object.assign(document.createElement('pre'), { id: 'result', textContent: encodeURIComponent(JSON.stringify(result)) }));
</script>`);
    const run = spawnSync(chromium, ['--headless', '--no-sandbox', '--disable-gpu', `--user-data-dir=${folder}/profile`, '--dump-dom',
        `file://${folder}/page.html`], { encoding: 'utf8', maxBuffer: 1 << 28, timeout: 120000 });
    dom = run.stdout;
} finally {
    rmSync(folder, { recursive: true, force: true });
}
const result = /<pre id="result">([^<]*)<\/pre>/.exec(dom ?? '');
if (!result) {
    console.error('the browser gave no result');
    process.exit(1);
}
const problems = JSON.parse(decodeURIComponent(result[1]));
for (const p of problems) console.error(JSON.stringify(p, null, 1));
console.log(`${cases.length} documents in ${chromium}: ${problems.length} problems`);
process.exit(problems.length ? 1 : 0);
