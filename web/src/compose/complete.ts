// Completing a name, a tag or an emoji while it is typed: what stands before the caret, and what it may become.
import type { mastodon } from 'masto';
import { api } from '../api/client.ts';
import { emojis } from '../store/me.ts';
import { preferences } from '../store/preferences.ts';
import { putPerson } from '../store/people.ts';

export interface Token {
  kind: '@' | '#' | ':';
  word: string;
  from: number;
}

export type Choice = { kind: 'person'; person: mastodon.v1.Account } | { kind: 'tag'; name: string; uses: number } | { kind: 'custom'; emoji: mastodon.v1.CustomEmoji }
  | { kind: 'emoji'; emoji: string; name: string };

const patterns: [Token['kind'], RegExp][] = [
  ['@', /(?:^|[^\p{L}\p{N}_/=@])@([a-z0-9_.-]{1,}(?:@[\p{L}\p{N}.-]*)?)$/iu],
  ['#', /(?:^|[^\p{L}\p{N}/)=&])[#＃]([\p{L}\p{M}\p{N}_·]+)$/u],
  [':', /(?:^|[^\p{L}\p{N}_:]):([\p{L}\p{M}\p{N}_+-]{2,})$/u],
];

export function tokenAt(text: string, caret: number): Token | null {
  const before = text.slice(Math.max(0, caret - 200), caret);
  for (const [kind, pattern] of patterns) {
    const m = pattern.exec(before);
    if (m) return { kind, word: m[1]!, from: caret - m[1]!.length - 1 };
  }
  return null;
}

// The text with the choice in place of the token, and where the caret goes.
export function insert(text: string, from: number, to: number, what: string): { text: string; caret: number } {
  const space = /^\s/.test(text.slice(to)) ? '' : ' ';
  return { text: text.slice(0, from) + what + space + text.slice(to), caret: from + what.length + 1 };
}

export function written(c: Choice): string {
  switch (c.kind) {
    case 'person': return `@${c.person.acct}`;
    case 'tag': return `#${c.name}`;
    case 'custom': return `:${c.emoji.shortcode}:`;
    case 'emoji': return c.emoji;
  }
}

// Those that begin with it first.
export function ranked<T>(list: readonly T[], word: string, name: (x: T) => string, max: number): T[] {
  const w = word.toLowerCase(), at = (x: T): number => name(x).toLowerCase().indexOf(w);
  return list.filter(x => at(x) >= 0).sort((a, b) => Number(at(a) > 0) - Number(at(b) > 0) || name(a).length - name(b).length).slice(0, max);
}

async function emojiChoices(word: string): Promise<Choice[]> {
  const custom = ranked(emojis.value, word, e => e.shortcode, 6).map((emoji): Choice => ({ kind: 'custom', emoji }));
  const { emojiGroups, findEmoji, inTone } = await import('./emoji.ts');
  const plain = findEmoji(await emojiGroups(), word, 8 - custom.length).map((e): Choice => ({ kind: 'emoji', emoji: inTone(e, preferences.peek().tone), name: e.name }));
  return [...custom, ...plain];
}

export async function choices({ kind, word }: Token): Promise<Choice[]> {
  if (kind === ':') return emojiChoices(word);
  if (kind === '@') return (await api.v1.accounts.search.list({ q: word, limit: 6, resolve: false })).map((p): Choice => ({ kind: 'person', person: putPerson(p) }));
  const { hashtags } = await api.v2.search.list({ q: word, type: 'hashtags', limit: 6 });
  return hashtags.map((h): Choice => ({ kind: 'tag', name: h.name, uses: Number(h.history?.[0]?.uses ?? 0) }));
}
