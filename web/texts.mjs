// The texts of the client and their translations: node texts.mjs [--missing] prints what is wrong, or entries to fill in.
//
// A text is English and stands in the source: t('…'), tn('one …', '{0} …', n), tx('… {0} …', node), msg('…') in tables.  locale/LANG/AREA.json
// translate them, one file for each folder of src/ (and common.json for what several say): { "English": "Deutsch" }, and for tn
// { "one …|{0} …": ["…", "{0} …"] }.  A text that is missing, left over, or has other {…} than the English one is a mistake.
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const LITERAL = String.raw`(?:'((?:[^'\\\n]|\\.)*)'|"((?:[^"\\\n]|\\.)*)")`;
const CALL = new RegExp(String.raw`(?<![\w.$])(t|tx|msg|tn)\(\s*${LITERAL}(?:\s*,\s*${LITERAL})?`, 'g');

function sources(dir = join(here, 'src')) {
  return readdirSync(dir, { withFileTypes: true }).flatMap(e => (e.isDirectory() ? sources(join(dir, e.name)) : /\.tsx?$/.test(e.name) ? [join(dir, e.name)] : []));
}

const unescape = s => s.replace(/\\u\{?([0-9a-f]+)\}?/gi, (_, h) => String.fromCodePoint(parseInt(h, 16))).replace(/\\n/g, '\n').replace(/\\(.)/g, '$1');

// { text: where }
export function used() {
  const found = {};
  for (const file of sources().filter(f => !f.endsWith('i18n/index.ts')))
    for (const m of readFileSync(file, 'utf8').matchAll(CALL)) {
      const one = unescape(m[2] ?? m[3]);
      const text = m[1] === 'tn' ? `${one}|${unescape(m[4] ?? m[5] ?? '')}` : one;
      found[text] ??= relative(here, file);
    }
  return found;
}

// { lang: { texts: { text: translation }, wrong: [] } }
export function catalogues() {
  const all = {};
  for (const lang of readdirSync(join(here, 'locale'))) {
    const texts = {}, wrong = [];
    for (const file of readdirSync(join(here, 'locale', lang)).sort())
      for (const [text, translation] of Object.entries(JSON.parse(readFileSync(join(here, 'locale', lang, file), 'utf8')))) {
        if (text in texts && JSON.stringify(texts[text]) !== JSON.stringify(translation)) wrong.push(`locale/${lang}: two translations of ${JSON.stringify(text)}`);
        texts[text] = translation;
      }
    all[lang] = { texts, wrong };
  }
  return all;
}

const holes = s => [...new Set(s.match(/\{\d\}/g) ?? [])].sort().join();

export function check() {
  const texts = used(), wrong = [];
  for (const [lang, c] of Object.entries(catalogues())) {
    wrong.push(...c.wrong);
    for (const [text, where] of Object.entries(texts)) {
      const translation = c.texts[text];
      if (translation === undefined) wrong.push(`locale/${lang} lacks ${JSON.stringify(text)} of ${where}`);
      else if (text.includes('|') !== Array.isArray(translation)) wrong.push(`locale/${lang}: ${JSON.stringify(text)} needs ${text.includes('|') ? 'two forms' : 'one form'}`);
      else if (holes(text) !== holes([translation].flat().join())) wrong.push(`locale/${lang}: ${JSON.stringify(text)} has other places to fill`);
    }
    for (const text of Object.keys(c.texts)) if (!(text in texts)) wrong.push(`locale/${lang} has ${JSON.stringify(text)}, which nothing says`);
  }
  return wrong;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  if (process.argv.includes('--missing')) {
    for (const [lang, c] of Object.entries(catalogues())) {
      const byArea = {};
      for (const [text, where] of Object.entries(used())) if (!(text in c.texts)) (byArea[where.split('/')[1]] ??= {})[text] = text.includes('|') ? ['', ''] : '';
      for (const [area, missing] of Object.entries(byArea)) console.log(`locale/${lang}/${area}.json`, JSON.stringify(missing, null, 2));
    }
  } else {
    const wrong = check();
    console.log(wrong.join('\n'));
    process.exitCode = wrong.length ? 1 : 0;
  }
}
