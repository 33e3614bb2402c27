// Posts by id: one place, updated by answers and streams.  A boost is a post of its own that names the other.
import { batch, signal } from '@preact/signals';
import type { mastodon } from 'masto';
import { api } from '../api/client.ts';
import { stale } from './pages.ts';
import { putPerson, sweepPeople } from './people.ts';
import { Shelf, needed, onFull } from './shelf.ts';

export interface Reaction {
  name: string;
  count: number;
  me?: boolean;
  url?: string;
  staticUrl?: string;
}

// What our server says beyond Mastodon's entity.
type Wire = mastodon.v1.Status & { reactions?: Reaction[]; localOnly?: boolean; quote?: { state: string; quotedStatus?: Wire | null; quotedStatusId?: string | null } | null };

export interface Post extends Omit<Wire, 'reblog' | 'quote' | 'account'> {
  accountId: string;
  reblogId: string | null;
  quote: { state: string; id: string | null } | null;
}

export interface Undo {
  key: 'favourited' | 'reblogged' | 'bookmarked';
  count: 'favouritesCount' | 'reblogsCount' | null;
}

const posts = new Shelf<Post | undefined>(undefined, 3000);

// Of posts that are gone; lists leave them out.
const GONE = 1000;
export const gone = signal<ReadonlySet<string>>(new Set());

function flatten(s: Wire): Post {
  putPerson(s.account);
  const { account, reblog, quote, ...rest } = s;
  if (reblog) putStatus(reblog);
  if (quote?.quotedStatus) putStatus(quote.quotedStatus);
  return { ...rest, accountId: account.id, reblogId: reblog?.id ?? null,
    quote: quote ? { state: quote.state, id: quote.quotedStatus?.id ?? quote.quotedStatusId ?? null } : null };
}

// What a stream's rendering for everybody does not know, the store keeps.
const mine = ['favourited', 'reblogged', 'bookmarked', 'muted', 'pinned', 'filtered'] as const;

export function putStatus(s: mastodon.v1.Status): string {
  const post = flatten(s as Wire), before = posts.peek(s.id);
  for (const key of mine) if (post[key] === undefined && before?.[key] !== undefined) Object.assign(post, { [key]: before[key] });
  posts.put(s.id, expected(post));
  return s.id;
}

export function putStatuses(list: readonly mastodon.v1.Status[]): string[] {
  return batch(() => list.map(putStatus));
}

export function post(id: string): Post | undefined {
  return posts.slot(id).value;
}

// Without being told of changes.
export const peekPost = (id: string): Post | undefined => posts.peek(id);

export function patch(id: string, change: Partial<Post>): void {
  const before = posts.peek(id);
  if (before) posts.slot(id).value = { ...before, ...change };
}

export function dropPost(id: string): void {
  gone.value = new Set([...gone.peek(), id]);
}

// An open page does not grow for ever: what is shown, or stands in a list, stays with all that belongs to it.
function sweep(): void {
  const keep = needed();
  for (const id of [...keep, ...posts.looked()]) {
    const p = posts.peek(id), boosted = p?.reblogId ? posts.peek(p.reblogId) : undefined;
    for (const of of [p?.reblogId, p?.quote?.id, boosted?.quote?.id]) if (of) keep.add(of);
  }
  posts.sweep(keep);
  const there = [...gone.peek()];
  if (there.length > GONE) gone.value = new Set(there.filter((id, i) => i >= there.length - GONE || keep.has(id)));
  for (const [, p] of posts.all()) if (p) keep.add(p.accountId);
  sweepPeople(keep);
}
onFull(sweep);

export async function loadPost(id: string): Promise<string> {
  return putStatus(await api.v1.statuses.$select(id).fetch());
}

// ---- what one does with a post ----------------------------------------------------------------------------------

// Asked for and not answered yet, of each post in the order in which it was asked for.
interface Asked extends Undo {
  on: boolean;
}
const asked = new Map<string, Asked[]>();
const turns = new Map<string, Promise<unknown>>(); // the last request of each post that waits for one

// The post as it is once that is so.
function become(p: Post, { key, count, on }: Asked): Post {
  return (p[key] ?? false) === on ? p : { ...p, [key]: on, ...(count ? { [count]: Math.max(0, p[count] + (on ? 1 : -1)) } : {}) };
}

const expected = (p: Post): Post => (asked.get(p.id) ?? []).reduce(become, p);

// The requests of one post follow each other: an answer says all about the post, and one that was written before the next change would undo that.
export async function inTurn<T>(id: string, run: () => Promise<T>): Promise<T> {
  const turn = (turns.get(id) ?? Promise.resolve()).catch(() => undefined).then(run);
  turns.set(id, turn);
  try {
    return await turn;
  } finally {
    if (turns.get(id) === turn) turns.delete(id);
  }
}

// Show it at once; take it back when the server says no.
async function toggle(id: string, undo: Undo, run: (on: boolean) => Promise<mastodon.v1.Status>): Promise<void> {
  const before = posts.peek(id);
  if (!before) return;
  const mine: Asked = { ...undo, on: !before[undo.key] }, list = asked.get(id) ?? [];
  list.push(mine);
  asked.set(id, list);
  patch(id, become(before, mine));
  const answered = (): void => {
    list.splice(list.indexOf(mine), 1);
    if (list.length === 0) asked.delete(id);
  };
  try {
    const s = await inTurn(id, () => run(mine.on));
    answered();
    putStatus(s.reblog && s.id !== id ? s.reblog : s);
  } catch (e) {
    answered();
    const now = posts.peek(id);
    if (now && !list.some(a => a.key === mine.key)) patch(id, become(now, { ...mine, on: !mine.on }));
    throw e;
  }
}

export const favourite = (id: string): Promise<void> => toggle(id, { key: 'favourited', count: 'favouritesCount' },
  on => (on ? api.v1.statuses.$select(id).favourite() : api.v1.statuses.$select(id).unfavourite())).then(() => stale('favourites'));
export const boost = (id: string): Promise<void> => toggle(id, { key: 'reblogged', count: 'reblogsCount' },
  on => (on ? api.v1.statuses.$select(id).reblog({}) : api.v1.statuses.$select(id).unreblog())).then(() => stale(`reblogs:${id}`));
export const bookmark = (id: string): Promise<void> => toggle(id, { key: 'bookmarked', count: null },
  on => (on ? api.v1.statuses.$select(id).bookmark() : api.v1.statuses.$select(id).unbookmark())).then(() => stale('bookmarks:'));

export async function vote(id: string, pollId: string, choices: number[]): Promise<void> {
  patch(id, { poll: await api.v1.polls.$select(pollId).votes.create({ choices }) });
}

export async function remove(id: string): Promise<void> {
  await api.v1.statuses.$select(id).remove();
  dropPost(id);
}
