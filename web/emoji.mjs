// The emoji of Unicode as the client reads them, made from emojibase-data: "emoji:signs" once, "emoji:LANG" with their names in a language.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
const read = path => JSON.parse(readFileSync(require.resolve(`emojibase-data/${path}.json`), 'utf8'));
const COMPONENT = 2; // a group that nobody writes: skin tones and hair by themselves

const rows = language => read(`${language}/compact`).filter(e => e.group !== undefined && e.group !== COMPONENT).sort((a, b) => a.order - b.order);
// Signs that are drawn in colour anyway need no selector; without it they are what other programs write.
const plain = sign => sign.replace(/(\p{Emoji_Presentation})\ufe0f/gu, '$1');
const tonesOf = hexcode => new Set(hexcode.match(/1F3F[B-F]/g));

// [group, sign, the same in five skin tones (light to dark) or nothing]
function signs() {
  return rows('en').map(e => {
    const toned = (e.skins ?? []).filter(s => tonesOf(s.hexcode).size === 1).slice(0, 5).map(s => plain(s.unicode));
    return [e.group, plain(e.unicode), ...(toned.length === 5 ? toned : [])];
  });
}

// "name|word|word", in the order of the signs; in English with the short names that people know from elsewhere.
function names(language) {
  const short = language === 'en' ? read('en/shortcodes/github') : {};
  return rows(language).map(e => [...new Set([e.label, ...[short[e.hexcode] ?? []].flat(), ...(e.tags ?? [])])].map(x => x.replaceAll('|', ' ')).join('|'));
}

export const emoji = {
  name: 'emoji',
  setup(b) {
    b.onResolve({ filter: /^emoji:/ }, a => ({ path: a.path.slice(6), namespace: 'emoji' }));
    b.onLoad({ filter: /.*/, namespace: 'emoji' }, a => ({ contents: JSON.stringify(a.path === 'signs' ? signs() : names(a.path)), loader: 'json' }));
  },
};
