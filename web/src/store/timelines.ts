// Timelines as lists of ids with gaps.  Newest first; what comes by the stream waits until it is asked for.
import { type Signal, computed, signal } from '@preact/signals';
import type { mastodon } from 'masto';
import { api, errorText } from '../api/client.ts';
import { type Channel, type StreamEvent, subscribe } from '../api/stream.ts';
import { type Mix, address, takes } from '../explore/tags.ts';
import { tellMark } from './mark.ts';
import { dropPost, gone, patch, post, putStatus, putStatuses } from './posts.ts';
import { needs } from './shelf.ts';

export type Item = { kind: 'post'; id: string } | { kind: 'gap'; above: string; below: string } | { kind: 'mark' };
type Status = mastodon.v1.Status;
interface Page {
  maxId?: string;
  sinceId?: string;
  minId?: string;
  limit: number;
}

export interface Source {
  key: string;
  fetch: (p: Page) => PromiseLike<Status[]>;
  channel?: Channel;
  // What of the stream belongs here: the public streams bring more than some lists show.
  takes?: (s: Status) => boolean;
  // How far it was read, on any device.
  marked?: boolean;
}

const PAGE = 20;
const CATCH_UP = 40;
const WAITING_MAX = 60;
const KEPT_ROWS = 400;
const MARK_WAIT_MS = 400;

// Ids are numbers as text.
export const newer = (a: string, b: string): boolean => (a.length === b.length ? a > b : a.length > b.length);

// Put a page of newest posts on top of a list; a gap where they do not meet, down to the first that is older.
export function join(items: readonly Item[], ids: readonly string[], complete: boolean): Item[] {
  const have = new Set(items.map(i => (i.kind === 'post' ? i.id : '')));
  const fresh = ids.filter(id => !have.has(id));
  const last = fresh.at(-1), older = items.find(i => i.kind === 'post' && last !== undefined && newer(last, i.id));
  const list: Item[] = fresh.map(id => ({ kind: 'post', id }));
  if (last !== undefined && older?.kind === 'post' && fresh.length === ids.length && !complete) list.push({ kind: 'gap', above: last, below: older.id });
  return [...list, ...items];
}

// Replace a gap by what was in it; a smaller gap stays when the page did not reach the other side.
export function close(items: readonly Item[], gap: Item & { kind: 'gap' }, ids: readonly string[], full: boolean): Item[] {
  const inside = ids.filter(id => newer(id, gap.below)), have = new Set(items.map(i => (i.kind === 'post' ? i.id : '')));
  const reached = inside.length < ids.length || !full;
  return items.flatMap((i): Item[] => {
    if (i.kind !== 'gap' || i.above !== gap.above) return [i];
    const list: Item[] = inside.filter(id => !have.has(id)).map(id => ({ kind: 'post', id }));
    return reached ? list : [...list, { kind: 'gap', above: inside.at(-1)!, below: gap.below }];
  });
}

// The line "read until here" stands above the first post that was read, when there is something new above it.
export function withMark(items: readonly Item[], mark: string | null): Item[] {
  const at = mark === null ? -1 : items.findIndex(i => i.kind === 'post' && !newer(i.id, mark));
  return at > 0 ? [...items.slice(0, at), { kind: 'mark' }, ...items.slice(at)] : [...items];
}

export class Timeline {
  readonly items: Signal<Item[]> = signal([]);
  readonly waiting: Signal<string[]> = signal([]);
  readonly state: Signal<'new' | 'loading' | 'ready' | 'end' | 'failed'> = signal('new');
  readonly error: Signal<unknown> = signal(null);
  readonly mark: Signal<string | null> = signal(null);
  readonly shown = computed(() => withMark(this.items.value.filter(i => i.kind !== 'post' || !gone.value.has(i.id)), this.mark.value));
  private waitingComplete = true; // it joins what is shown
  private behind = false; // the last look for what was missed failed, or waits for the first page
  private catching = 0;
  private read = '0';
  private told: string | null = null; // what the server knows; null: not asked yet
  private timer = 0;
  private stop: (() => void) | null = null;
  private users = 0;

  get used(): boolean {
    return this.users > 0;
  }

  constructor(readonly source: Source) {}

  // While a view shows it.
  open(): () => void {
    this.users++;
    if (this.state.peek() === 'new') void this.begin();
    else if (!this.stop) {
      void this.catchUp();
      void this.learn();
    }
    if (!this.stop && this.source.channel) this.stop = subscribe(this.source.channel, e => this.onEvent(e), () => void this.catchUp(), true);
    return () => {
      if (--this.users > 0) return;
      this.stop?.();
      this.stop = null;
    };
  }

  private async begin(): Promise<void> {
    const learnt = this.learn().then(told => { this.mark.value = told; });
    await this.older(Promise.race([learnt, new Promise<void>(done => { setTimeout(done, MARK_WAIT_MS); })]));
  }

  // How far the server knows that it was read, here or on another device; what it does not know is never told to be less.
  private async learn(): Promise<string | null> {
    if (!this.source.marked) return null;
    try {
      const known = (await api.v1.markers.fetch({ timeline: ['home'] })).home?.lastReadId ?? null;
      this.told = known ?? '0';
      return known;
    } catch {
      return null; // tell() asks again
    }
  }

  // What stands at the top of the window has been read; told to the server after a moment, or when one leaves.
  seen(id: string): void {
    if (!this.source.marked || this.state.peek() === 'new') return;
    if (newer(id, this.read)) this.read = id;
    if (newer(this.read, this.told ?? '0')) this.timer ||= window.setTimeout(() => void this.tell(), 3000);
  }

  // Nothing here waits when the mark is known: the page may be on its way out, and then only what was asked for at once arrives.
  async tell(): Promise<void> {
    clearTimeout(this.timer);
    this.timer = 0;
    if (this.told === null && newer(this.read, '0')) await this.learn();
    const before = this.told;
    if (before === null || !newer(this.read, before)) return;
    this.told = this.read;
    await tellMark('home', this.read).catch(() => { this.told = before; });
  }

  // Load the page at the mark, unless it is there; what lies between becomes a gap.
  async reachMark(): Promise<void> {
    const mark = this.mark.peek(), last = this.items.peek().findLast(i => i.kind === 'post');
    if (!mark || (last?.kind === 'post' && !newer(last.id, mark))) return;
    const ids = putStatuses(await this.source.fetch({ limit: PAGE, maxId: String(BigInt(mark) + 1n) }));
    if (ids.length === 0 || last?.kind !== 'post') return;
    this.items.value = [...this.items.peek(), { kind: 'gap', above: last.id, below: ids[0]! }, ...ids.map((id): Item => ({ kind: 'post', id }))];
    this.state.value = 'ready';
  }

  // first: what the answer waits for, so that what was shown does not move.
  async older(first?: Promise<void>): Promise<void> {
    if (this.state.peek() === 'loading' || this.state.peek() === 'end') return;
    this.state.value = 'loading';
    try {
      const last = this.items.peek().findLast(i => i.kind === 'post');
      const page = await this.source.fetch({ limit: PAGE, maxId: last?.kind === 'post' ? last.id : undefined });
      await first;
      const have = this.have(), ids = putStatuses(page).filter(id => !have.has(id)), now = new Set(ids);
      this.items.value = [...this.items.peek(), ...ids.map((id): Item => ({ kind: 'post', id }))];
      this.waiting.value = this.waiting.peek().filter(id => !now.has(id)); // came by the stream as well
      this.state.value = page.length === 0 ? 'end' : 'ready';
      if (this.behind && this.catching === 0) void this.catchUp();
    } catch (e) {
      this.error.value = e;
      this.state.value = 'failed';
    }
  }

  // After a silence: what is new waits, with a gap below it when it is more than a page.  What is shown, or comes by the stream, while the answer
  // is on its way keeps its place.
  async catchUp(): Promise<void> {
    const whole = this.waitingComplete, waited = new Set(this.waiting.peek());
    const since = whole ? this.waiting.peek()[0] ?? this.top() : this.top();
    if (!since) {
      this.behind = this.state.peek() === 'loading';
      return;
    }
    this.catching++;
    try {
      const page = await this.source.fetch({ limit: CATCH_UP, sinceId: since });
      const ids = putStatuses(page), last = ids.at(-1), have = this.have(), known = (id: string): boolean => have.has(id) || this.inGap(id);
      const reached = page.length < CATCH_UP || (last !== undefined && known(last));
      // What waited before stands below the gap, unless the answer goes down to it.
      const before = reached || ids.some(id => waited.has(id));
      const stay = this.waiting.peek().filter(id => before || last === undefined || newer(id, last));
      const all = [...new Set([...ids.filter(id => !known(id)), ...stay])].filter(id => !have.has(id) && !gone.peek().has(id)).sort((a, b) => (newer(a, b) ? -1 : 1));
      this.waitingComplete = reached && (this.waitingComplete || !whole) && all.length <= WAITING_MAX;
      this.waiting.value = all.slice(0, WAITING_MAX);
      this.behind = false;
    } catch (e) {
      errorText(e);
      // The next event or the next visit asks again; until then what comes does not join what is there.
      this.behind = true;
      this.waiting.value = this.waiting.peek().filter(id => newer(id, since));
      this.waitingComplete = false;
    } finally {
      this.catching--;
    }
  }

  private inGap(id: string): boolean {
    return this.items.peek().some(i => i.kind === 'gap' && newer(i.above, id) && newer(id, i.below));
  }

  private have(): Set<string> {
    return new Set(this.items.peek().map(i => (i.kind === 'post' ? i.id : '')));
  }

  private top(): string | undefined {
    const first = this.items.peek().find(i => i.kind === 'post');
    return first?.kind === 'post' ? first.id : undefined;
  }

  private onEvent({ event, payload }: StreamEvent): void {
    if (event === 'update') {
      const s = payload as Status;
      if (this.source.takes && !this.source.takes(s)) return;
      this.offer(putStatus(s));
      if (this.behind && this.catching === 0) void this.catchUp();
    } else if (event === 'status.update') putStatus(payload as Status);
    else if (event === 'delete') {
      dropPost(String(payload));
      this.waiting.value = this.waiting.peek().filter(id => id !== String(payload));
    }
  }

  private offer(id: string): void {
    if (this.waiting.peek().includes(id) || this.items.peek().some(i => i.kind === 'post' && i.id === id)) return;
    const list = [id, ...this.waiting.peek()];
    if (list.length > WAITING_MAX) this.waitingComplete = false;
    this.waiting.value = list.slice(0, WAITING_MAX);
  }

  // Put what waits on top, where one reads on: what is far below is asked for again by who goes there.
  show(): void {
    const list = join(this.items.peek(), this.waiting.peek(), this.waitingComplete && this.catching === 0);
    if (list.length > KEPT_ROWS && this.state.peek() !== 'loading') {
      list.length = KEPT_ROWS;
      if (list.at(-1)?.kind === 'gap') list.pop();
      this.state.value = 'ready';
    }
    this.items.value = list;
    this.waiting.value = [];
    this.waitingComplete = true;
  }

  // One's own new post stands at once where it belongs; what may be missing below it is a gap.
  add(id: string): void {
    const whole = this.waitingComplete && this.catching === 0, waiting = this.waiting.peek().filter(w => w !== id);
    this.items.value = join(this.items.peek(), [id], whole);
    this.waiting.value = whole ? waiting : waiting.filter(w => newer(w, id));
    this.waitingComplete = true;
  }

  async fill(gap: Item & { kind: 'gap' }): Promise<void> {
    const page = await this.source.fetch({ limit: 40, maxId: gap.above, sinceId: gap.below });
    this.items.value = close(this.items.peek(), gap, putStatuses(page), page.length >= 40);
  }
}

// ---- the timelines there are ------------------------------------------------------------------------------------

const KEPT = 12;
const all = new Map<string, Timeline>();

export function timeline(source: Source): Timeline {
  const found = all.get(source.key) ?? new Timeline(source);
  all.delete(source.key);
  all.set(source.key, found); // newest last
  for (const [key, t] of all) if (all.size > KEPT && t !== found && !t.used) all.delete(key);
  return found;
}

needs(function* () {
  for (const one of all.values()) {
    yield* one.waiting.peek();
    for (const i of one.items.peek()) if (i.kind === 'post') yield i.id;
  }
});

export const home = (): Timeline => timeline({ key: 'home', marked: true, channel: { stream: 'user' }, fetch: p => api.v1.timelines.home.list(p) });
export const publicTimeline = (local: boolean): Timeline => timeline({ key: local ? 'local' : 'public',
  channel: { stream: local ? 'public:local' : 'public' }, fetch: p => api.v1.timelines.public.list({ ...p, local }) });
const alone: Mix = { any: [], all: [], none: [] };
export const tagTimeline = (tag: string, mix = alone): Timeline => timeline({ key: `tag:${address(tag, mix)}`, channel: { stream: 'hashtag', tag },
  takes: s => takes(s.tags.map(x => x.name), mix), fetch: p => api.v1.timelines.tag.$select(tag).list({ ...p, ...mix } as Page) });
export const listTimeline = (id: string): Timeline => timeline({ key: `list:${id}`, channel: { stream: 'list', list: id },
  fetch: p => api.v1.timelines.list.$select(id).list(p) });

export type ProfileTab = 'posts' | 'replies' | 'media';
export const accountTimeline = (id: string, tab: ProfileTab): Timeline => timeline({ key: `account:${id}:${tab}`,
  fetch: p => api.v1.accounts.$select(id).statuses.list({ ...p, excludeReplies: tab === 'posts', onlyMedia: tab === 'media', excludeReblogs: tab === 'media' }) });

// After posting: where the new post is seen first.
export function addOwn(s: Status): void {
  const id = putStatus(s);
  all.get('home')?.add(id);
  if (s.visibility === 'public') for (const key of ['local', 'public']) all.get(key)?.add(id);
  if (s.inReplyToId) {
    const parent = post(s.inReplyToId);
    if (parent) patch(s.inReplyToId, { repliesCount: parent.repliesCount + 1 });
  }
}
