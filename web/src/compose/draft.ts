// What is being written, kept in this browser until it is sent or thrown away: a reload or a lost session costs nothing.
import { current } from '../api/accounts.ts';

export interface Start {
  reply?: string;
  quote?: string;
  edit?: string;
  text?: string;
}

export interface Draft {
  text: string;
  warning: string | null; // null: none
  visibility: string;
  sensitive: boolean;
}

export const keyOf = (s: Start): string => `dassie.draft.${current.value?.id ?? ''}.${s.edit ? `edit-${s.edit}` : s.reply ? `reply-${s.reply}` : s.quote ? `quote-${s.quote}` : 'new'}`;

export function keptDraft(s: Start): Draft | null {
  try {
    return JSON.parse(localStorage.getItem(keyOf(s)) ?? 'null') as Draft | null;
  } catch {
    return null;
  }
}

export function keepDraft(s: Start, d: Draft): void {
  if (d.text.trim() === '' && !d.warning) localStorage.removeItem(keyOf(s));
  else localStorage.setItem(keyOf(s), JSON.stringify(d));
}

export function dropDraft(s: Start): void {
  localStorage.removeItem(keyOf(s));
}

const narrow = ['public', 'unlisted', 'private', 'direct'];

// An answer is never more public than what it answers, nor than one's default.
export function narrower(a: string, b: string): string {
  return narrow.indexOf(a) > narrow.indexOf(b) ? a : b;
}

// "@a @b ", of everybody in the conversation but oneself.
export function mentions(author: string, mentioned: readonly string[], me: string): string {
  const all = [...new Set([author, ...mentioned])].filter(a => a !== me);
  return all.map(a => `@${a} `).join('');
}
