// What a search for posts understands beside words, and what a query looks like.
import { msg } from '../i18n/index.ts';

export interface Operator {
  insert: string;
  text: string;
}

export const operators: Operator[] = [
  { insert: 'from:me', text: msg('written by you; or from:@name') },
  { insert: 'in:library', text: msg('what you wrote, boosted, favourited or bookmarked') },
  { insert: 'has:media', text: msg('with media; also image, video, audio, poll, link, quote') },
  { insert: 'is:reply', text: msg('answers; also sensitive') },
  { insert: 'language:de', text: msg('in a language') },
  { insert: 'before:2026-01-31', text: msg('older than a day; also after: and during:') },
  { insert: '"two words"', text: msg('words that stand next to each other') },
  { insert: '-word', text: msg('without a word; works with all of these') },
];

// The query with an operator at its end, or without it when it is there.
export function toggled(q: string, op: string): string {
  const parts = q.split(/\s+/).filter(Boolean), words = op.split(/\s+/);
  if (words.every(w => parts.includes(w))) return parts.filter(p => !words.includes(p)).join(' ');
  return [...parts, op].join(' ');
}

// An address or a handle names one thing: it is opened, not listed.
export function namesOne(q: string): boolean {
  return /^https?:\/\/\S+$/i.test(q) || /^@?[^\s@/:]+@[^\s@/]+\.[^\s@/]+$/.test(q);
}
