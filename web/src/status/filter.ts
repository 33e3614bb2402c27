// What one's own filters do with a post, by the place in which it stands.
import type { mastodon } from 'masto';
import { current } from '../api/accounts.ts';
import { shunned } from '../store/people.ts';
import { type Post, peekPost } from '../store/posts.ts';

export type Context = 'home' | 'public' | 'account' | 'thread' | 'notifications';
export interface Verdict {
  action: 'none' | 'blur' | 'warn' | 'hide';
  titles: string[]; // of the filters that ask for it
}
type Hit = Pick<mastodon.v1.FilterResult, 'filter'>;

const strength = ['none', 'blur', 'warn', 'hide'];

// The strongest wish of the filters that are meant for this place and have not run out.  Saved posts and what one searches for have no place.
export function verdict(hits: readonly Hit[], context: Context | undefined, now = Date.now()): Verdict {
  const found: Verdict = { action: 'none', titles: [] };
  for (const { filter: f } of hits) {
    if (!context || !(f.context as string[]).includes(context) || (f.expiresAt && Date.parse(f.expiresAt) <= now)) continue;
    const by = strength.indexOf(f.filterAction) - strength.indexOf(found.action);
    if (by > 0) {
      found.action = f.filterAction as Verdict['action'];
      found.titles = [f.title];
    } else if (by === 0) found.titles.push(f.title);
  }
  return found;
}

// One's own words are never hidden from oneself.
export const verdictOn = (p: Post, context: Context | undefined): Verdict => verdict(p.accountId === current.peek()?.id ? [] : p.filtered ?? [], context);

// Whether a list leaves it out.  A boost is judged by what it boosts, which has the same hits, and by who boosted.
export function leftOut(id: string, context: Context | undefined): boolean {
  const row = peekPost(id), shown = row?.reblogId ? peekPost(row.reblogId) : row, without = shunned.value;
  if ((context === 'home' || context === 'public') && [row, shown].some(p => p && without.has(p.accountId))) return true;
  return shown !== undefined && verdictOn(shown, context).action === 'hide';
}
