// Lists that are paged by the server's own cursor (bookmarks, favourites, followers, search): pages follow each other, nothing streams in.
import { type Signal, signal } from '@preact/signals';
import { needs } from './shelf.ts';

export interface Pages<T> {
  items: Signal<T[]>;
  state: Signal<'new' | 'loading' | 'ready' | 'end' | 'failed'>;
  error: Signal<unknown>;
  more: () => Promise<void>;
  // What is new on top, joined to what is there; when they do not meet, it begins anew.
  freshen: () => Promise<void>;
  // While it is shown: it is kept, and can be told apart by its keys.
  hold: (keyOf: (x: T) => string) => () => void;
}

const kept = new Map<string, Pages<unknown>>(), held = new Map<Pages<unknown>, number>();
const KEPT = 12;

// A row is an id, or names some.
needs(function* () {
  for (const list of kept.values())
    for (const x of list.items.peek())
      for (const id of typeof x === 'string' ? [x] : Object.values(x as object).flat()) if (typeof id === 'string') yield id;
});

// start: a paginator of masto (it follows the Link header); take: put a page into the store and say what the list keeps of it.
export function pages<T, U>(key: string, start: () => AsyncIterator<T[]>, take: (page: T[]) => U[]): Pages<U> {
  const found = kept.get(key) as Pages<U> | undefined;
  if (found) return found;
  const items = signal<U[]>([]), state: Pages<U>['state'] = signal('new'), error = signal<unknown>(null);
  let iterator: AsyncIterator<T[]> | null = null, nameOf: ((x: U) => string) | null = null;
  const unknown = (page: U[]): U[] => {
    const name = nameOf, have = new Set(name ? items.peek().map(name) : []);
    return name ? page.filter(x => !have.has(name(x))) : page;
  };
  const made: Pages<U> = { items, state, error, more: async () => {
    if (state.peek() === 'loading' || state.peek() === 'end') return;
    state.value = 'loading';
    try {
      for (let known = true, end = false; known && !end;) {
        iterator ??= start();
        const { value, done } = await iterator.next(), page = take((value as T[] | undefined) ?? []), fresh = unknown(page);
        items.value = [...items.peek(), ...fresh];
        known = page.length > 0 && fresh.length === 0;
        end = done || (value as T[]).length === 0;
        if (!known || end) state.value = end ? 'end' : 'ready';
      }
    } catch (e) {
      iterator = null; // it is over: the next one begins anew, with what is there already
      error.value = e;
      state.value = 'failed';
    }
  }, freshen: async () => {
    if (!nameOf || (state.peek() !== 'ready' && state.peek() !== 'end')) return;
    const again = start();
    try {
      const fresh = take(((await again.next()).value as T[] | undefined) ?? []), more = unknown(fresh);
      if (state.peek() === 'loading') return; // more of it is on the way, and belongs to what is there
      if (more.length < fresh.length || state.peek() === 'end') items.value = [...more, ...items.peek()];
      else if (fresh.length > 0) {
        iterator = again;
        items.value = fresh;
        state.value = 'ready';
      }
    } catch {
      // The next time.
    }
  }, hold: keyOf => {
    nameOf = keyOf;
    const me = made as Pages<unknown>;
    held.set(me, (held.get(me) ?? 0) + 1);
    return () => {
      const left = held.get(me)! - 1;
      if (left > 0) held.set(me, left);
      else held.delete(me);
    };
  } };
  kept.set(key, made as Pages<unknown>);
  for (const [k, p] of kept) if (kept.size > KEPT && k !== key && !held.has(p)) kept.delete(k);
  return made;
}

// Ask again from the beginning the next time it is shown.
export function forgetPages(prefix: string): void {
  for (const k of kept.keys()) if (k.startsWith(prefix)) kept.delete(k);
}

// Something was put in: who shows it now gets it on top, who shows it later asks anew.
export function stale(prefix: string): void {
  for (const [k, p] of kept)
    if (k.startsWith(prefix)) {
      if (held.has(p)) void p.freshen();
      else kept.delete(k);
    }
}
