// Lists that are paged by the server's own cursor (bookmarks, favourites, followers, search): pages follow each other, nothing streams in.
import { type Signal, signal } from '@preact/signals';

export interface Pages<T> {
  items: Signal<T[]>;
  state: Signal<'new' | 'loading' | 'ready' | 'end' | 'failed'>;
  error: Signal<unknown>;
  more: () => Promise<void>;
}

const kept = new Map<string, Pages<unknown>>();
const KEPT = 12;

// start: a paginator of masto (it follows the Link header); take: put a page into the store and say what the list keeps of it.
export function pages<T, U>(key: string, start: () => AsyncIterator<T[]>, take: (page: T[]) => U[]): Pages<U> {
  const found = kept.get(key) as Pages<U> | undefined;
  if (found) return found;
  const items = signal<U[]>([]), state: Pages<U>['state'] = signal('new'), error = signal<unknown>(null);
  let iterator: AsyncIterator<T[]> | null = null;
  const made: Pages<U> = { items, state, error, more: async () => {
    if (state.peek() === 'loading' || state.peek() === 'end') return;
    state.value = 'loading';
    try {
      iterator ??= start();
      const { value, done } = await iterator.next();
      items.value = [...items.peek(), ...take((value as T[] | undefined) ?? [])];
      state.value = done || (value as T[]).length === 0 ? 'end' : 'ready';
    } catch (e) {
      iterator = null;
      error.value = e;
      state.value = 'failed';
    }
  } };
  kept.set(key, made as Pages<unknown>);
  for (const k of kept.keys()) if (kept.size > KEPT && k !== key) kept.delete(k);
  return made;
}

// Ask again from the beginning the next time it is shown.
export function forgetPages(prefix: string): void {
  for (const k of kept.keys()) if (k.startsWith(prefix)) kept.delete(k);
}
