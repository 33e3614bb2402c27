// A long list of which only what is near the window is in the document.  Heights are measured once drawn and remembered with the list, so
// that going back lands where one was.
import { useSignal } from '@preact/signals';
import { type ComponentChild } from 'preact';
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';

export interface Heights {
  known: Map<string, number>;
  guess: number;
}

const MARGIN = 1200;
const remembered = new Map<string, Heights>();

export function heightsOf(key: string): Heights {
  let h = remembered.get(key);
  if (!h) {
    h = { known: new Map(), guess: 180 };
    remembered.set(key, h);
    for (const k of remembered.keys()) if (remembered.size > 24 && k !== key) remembered.delete(k);
  }
  return h;
}

// Which of the keys to draw when [top, bottom] of the list is near the window, and how much room stands before and after.
export function slice(keys: readonly string[], h: Heights, top: number, bottom: number): { from: number; to: number; before: number; after: number } {
  let y = 0, from = -1, to = keys.length, before = 0, drawn = 0;
  for (let i = 0; i < keys.length; i++) {
    const size = h.known.get(keys[i]!) ?? h.guess;
    if (from < 0 && (y + size > top || i === keys.length - 1)) {
      from = i;
      before = y;
    }
    if (from >= 0 && y > bottom && i > from) {
      to = Math.min(to, i);
    }
    if (from >= 0 && i < to) drawn += size;
    y += size;
  }
  return { from: Math.max(from, 0), to, before, after: Math.max(0, y - before - drawn) };
}

// Where a row begins, measured from the list's top.
export function offsetOf(keys: readonly string[], h: Heights, key: string): number {
  let y = 0;
  for (const k of keys) {
    if (k === key) return y;
    y += h.known.get(k) ?? h.guess;
  }
  return y;
}

// The column that scrolls by itself, or the page.
const scrollerOf = (e: Element): Element => e.closest('.column[data-column]') ?? document.documentElement;

// Bring a row below the head of the page; its place is only known for sure once what is above it has been drawn.
export function scrollToRow(within: Element | null, list: string, keys: readonly string[], key: string, tries = 8): void {
  const root = within?.querySelector<HTMLElement>('.window-list');
  const row = root?.querySelector<HTMLElement>(`[data-key="${key}"]`);
  if (row) row.scrollIntoView();
  else if (root) scrollerOf(root).scrollBy(0, root.getBoundingClientRect().top + offsetOf(keys, heightsOf(list), key) - 64);
  if (tries > 0) setTimeout(() => scrollToRow(within, list, keys, key, tries - 1), 60);
}

interface Props<T> {
  list: string;
  items: readonly T[];
  keyOf: (item: T) => string;
  draw: (item: T, index: number) => ComponentChild;
  onEnd: () => void;
  onTop?: (item: T) => void; // what stands at the top of the window
  label: string;
  busy?: boolean; // more is on the way
  loaded?: number; // how much there is, when not all of it is shown
}

export function WindowList<T>({ list, items, keyOf, draw, onEnd, onTop, label, busy, loaded = items.length }: Props<T>) {
  const root = useRef<HTMLDivElement>(null);
  const view = useSignal({ top: 0, bottom: 2000 });
  const heights = heightsOf(list);
  const keys = items.map(keyOf);
  const { from, to, before, after } = slice(keys, heights, view.value.top - MARGIN, view.value.bottom + MARGIN);
  const row = (i: number): ComponentChild => <div class="row" role="listitem" key={keys[i]} data-key={keys[i]}>{draw(items[i]!, i)}</div>;

  useEffect(() => {
    let frame = 0;
    const look = (): void => {
      frame = 0;
      const top = -(root.current?.getBoundingClientRect().top ?? 0);
      if (Math.abs(top - view.peek().top) > 200) view.value = { top, bottom: top + innerHeight };
    };
    const soon = (): void => { frame ||= requestAnimationFrame(look); };
    look();
    document.addEventListener('scroll', soon, { passive: true, capture: true }); // of the page, or of a column
    addEventListener('resize', soon);
    return () => {
      document.removeEventListener('scroll', soon, { capture: true });
      removeEventListener('resize', soon);
      cancelAnimationFrame(frame);
    };
  }, []);

  // Heights of what is drawn; pictures that load later change them.
  useLayoutEffect(() => {
    const observer = new ResizeObserver(entries => {
      for (const e of entries) {
        const key = (e.target as HTMLElement).dataset.key!, size = e.borderBoxSize[0]?.blockSize ?? 0;
        if (size > 0 || e.target.childElementCount === 0) heights.known.set(key, size);
      }
      if (heights.known.size > 0) heights.guess = [...heights.known.values()].reduce((a, b) => a + b, 0) / heights.known.size;
    });
    for (const child of root.current?.querySelectorAll<HTMLElement>(':scope > [data-key]') ?? []) observer.observe(child);
    return () => observer.disconnect();
  });

  useEffect(() => {
    if (to >= keys.length) onEnd();
  }, [to, keys.length, loaded, view.value]);

  useEffect(() => {
    if (!onTop || items.length === 0) return;
    let y = before, i = from;
    while (i < to - 1 && y + (heights.known.get(keys[i]!) ?? heights.guess) <= view.value.top) y += heights.known.get(keys[i++]!) ?? heights.guess;
    onTop(items[i]!);
  }, [view.value, items]);

  return <div class="window-list" ref={root} role={items.length > 0 ? 'list' : undefined} aria-label={items.length > 0 ? label : undefined} aria-busy={busy || undefined}>
    <div aria-hidden="true" style={{ height: `${before}px` }} />
    {Array.from({ length: Math.max(0, to - from) }, (_, i) => row(from + i))}
    <div aria-hidden="true" style={{ height: `${after}px` }} />
  </div>;
}
