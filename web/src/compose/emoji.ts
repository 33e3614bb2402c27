// Unicode's emoji by kind, with their names in the reader's language and in English.  Loaded with the picker (web/emoji.mjs makes the data).
import { language, msg } from '../i18n/index.ts';

const titles: Record<number, string> = { 0: msg('Faces and feelings'), 1: msg('People and hands'), 3: msg('Animals and nature'), 4: msg('Food and drink'), 5: msg('Travel and places'),
  6: msg('Activities'), 7: msg('Objects'), 8: msg('Symbols'), 9: msg('Flags') };

export interface PlainEmoji {
  sign: string;
  tones: readonly string[]; // the same in five skin tones, light to dark; or none
  name: string;
  words: readonly string[]; // by which it is found, folded
}

export interface EmojiGroup {
  title: string;
  list: PlainEmoji[];
}

const own: Record<string, () => Promise<{ default: string[] }>> = { de: () => import('emoji:de'), fr: () => import('emoji:fr') };
const made = new Map<string, Promise<EmojiGroup[]>>();

// Without accents and capitals: who writes "elephant" finds "éléphant".
export const fold = (s: string): string => s.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase().replaceAll('_', ' ');

async function make(lang: string): Promise<EmojiGroup[]> {
  const [signs, english, names] = await Promise.all([import('emoji:signs'), import('emoji:en'), own[lang]?.()]);
  const groups = new Map<number, EmojiGroup>();
  signs.default.forEach(([group, sign, ...tones], i) => {
    const mine = names?.default[i]?.split('|') ?? [], all = [...mine, ...english.default[i]!.split('|')];
    if (!groups.has(group)) groups.set(group, { title: titles[group]!, list: [] });
    groups.get(group)!.list.push({ sign, tones, name: all[0]!, words: [...new Set(all.map(fold))] });
  });
  return [...groups.values()];
}

export function emojiGroups(lang = language.peek()): Promise<EmojiGroup[]> {
  let found = made.get(lang);
  if (!found) {
    made.set(lang, found = make(lang));
    found.catch(() => made.delete(lang)); // the next time asks again
  }
  return found;
}

export const inTone = (e: PlainEmoji, tone: number): string => e.tones[tone - 1] ?? e.sign;

// What is called so first, then what begins so, then what has it somewhere.
export function findEmoji(groups: readonly EmojiGroup[], word: string, max: number): PlainEmoji[] {
  const w = fold(word.trim());
  const rank = (e: PlainEmoji): number => Math.min(...e.words.map((x, i) => (x === w ? (i === 0 ? 0 : 1) : x.startsWith(w) ? 2 : x.includes(w) ? 3 : 9)));
  return groups.flatMap(g => g.list).map(e => ({ e, at: rank(e) })).filter(x => x.at < 9).sort((a, b) => a.at - b.at).slice(0, max).map(x => x.e);
}
