// Things by id, as many as there is room for.  What somebody looks at stays, and so does what a list may show again; of the rest the longest
// unused goes.
import { type Signal, signal } from '@preact/signals';

const RECENT = 500; // an answer that has just come may not be in any list yet

const lists: (() => Iterable<string>)[] = [];
let sweeper = (): void => undefined, soon = false;

// ids: what a kind of list holds now, drawn or not.
export function needs(ids: () => Iterable<string>): void {
  lists.push(ids);
}

export function needed(): Set<string> {
  const all = new Set<string>();
  for (const ids of lists) for (const id of ids()) all.add(id);
  return all;
}

// run: makes room on every shelf; called when one has become full, after what runs now.
export function onFull(run: () => void): void {
  sweeper = run;
}

function full(): void {
  if (soon) return;
  soon = true;
  setTimeout(() => {
    soon = false;
    sweeper();
  });
}

export class Shelf<T> {
  private slots = new Map<string, Signal<T>>(); // the longest unused first
  private watched = new Set<string>();
  private limit: number;

  constructor(private readonly none: T, private readonly room: number) {
    this.limit = room;
  }

  get size(): number {
    return this.slots.size;
  }

  // none, as long as somebody waits for it.
  slot(key: string): Signal<T> {
    let found = this.slots.get(key);
    if (found) return found;
    found = signal(this.none, { watched: () => this.watched.add(key), unwatched: () => this.watched.delete(key) });
    this.slots.set(key, found);
    if (this.slots.size > this.limit) full();
    return found;
  }

  put(key: string, value: T): void {
    const slot = this.slot(key);
    slot.value = value;
    this.slots.delete(key);
    this.slots.set(key, slot);
  }

  // Without being told of changes, and without waiting.
  peek(key: string): T | undefined {
    return this.slots.get(key)?.peek();
  }

  looked(): Iterable<string> {
    return this.watched;
  }

  *all(): Iterable<[string, T]> {
    for (const [key, s] of this.slots) yield [key, s.peek()];
  }

  // keep: what stays besides what is looked at.
  sweep(keep: ReadonlySet<string>): void {
    if (this.slots.size > this.room) {
      let old = this.slots.size - RECENT, over = this.slots.size - this.room;
      for (const key of this.slots.keys()) {
        if (old-- <= 0 || over <= 0) break;
        if (this.watched.has(key) || keep.has(key)) continue;
        this.slots.delete(key);
        over--;
      }
    }
    this.limit = Math.max(this.room, this.slots.size) + RECENT; // not at every new one
  }
}
