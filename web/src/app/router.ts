// One router on the History API: links of this origin that a route knows stay in the page; going back lands where one was.
import { signal } from '@preact/signals';
import { settle } from './settle.ts';

export interface Place {
  path: string;
  query: URLSearchParams;
  key: string;
  post?: string; // which had the focus when it was left,
  column?: string; // and where it stood
  from?: string; // the column this was opened from
}

interface Entry {
  key: string;
  y: number;
  post?: string;
  column?: string;
  from?: string;
}

export type Params = Record<string, string>;

const newKey = (): string => Math.random().toString(36).slice(2, 10);
const entryOf = (state: unknown): Entry | null => (typeof (state as Entry | null)?.key === 'string' ? (state as Entry) : null);

function read(): Place {
  const entry = entryOf(history.state) ?? { key: newKey(), y: 0 };
  if (!entryOf(history.state)) history.replaceState(entry, '');
  return { path: location.pathname, query: new URLSearchParams(location.search), key: entry.key, post: entry.post, column: entry.column, from: entry.from };
}

export const place = signal<Place>(read());
// How often a view was opened inside the client: whether "back" has somewhere to go.
let depth = 0;
// Whether anything was opened or gone back to since the page was loaded.
export let moved = false;

// What scrolls: the window, unless columns do; same: a link to what is shown already.
export const windowSurface = { y: (): number => scrollY, to: (y: number): void => scrollTo(0, y), same: (): void => scrollTo({ top: 0 }) };
export const surface = { current: windowSurface };
// Columns that keep an address of their own: what turns their page.
export const turns = new Map<string, (href: string) => void>();

// "/tags/:name" against a path; null when it is another.
export function match(pattern: string, path: string): Params | null {
  const want = pattern.split('/'), have = path.replace(/\/$/, '').split('/'), params: Params = {};
  if (want.length !== have.length) return null;
  for (let i = 0; i < want.length; i++) {
    const m = /^(@?):(\w+)$/.exec(want[i]!);
    if (m) {
      const value = have[i]!;
      if (!value.startsWith(m[1]!) || value.length === m[1]!.length) return null;
      try {
        params[m[2]!] = decodeURIComponent(value.slice(m[1]!.length));
      } catch {
        return null;
      }
    } else if (want[i] !== have[i]) return null;
  }
  return params;
}

const focusedPost = (): string | undefined => document.activeElement?.closest<HTMLElement>('[data-post]')?.dataset.post;
const columnOf = (e: Element | null): string | undefined => e?.closest<HTMLElement>('[data-column]')?.dataset.column;

function remember(): void {
  const { key, from } = place.peek();
  history.replaceState({ key, from, y: surface.current.y(), post: focusedPost(), column: columnOf(document.activeElement) } satisfies Entry, '');
}

// origin: what was pressed; its column is where the new one opens.
export function navigate(href: string, replace = false, origin: Element | null = document.activeElement): void {
  remember();
  moved = true;
  const at = columnOf(origin), entry: Entry = { key: newKey(), y: 0, from: at === '' ? place.peek().from : at };
  if (replace) history.replaceState(entry, '', href);
  else {
    history.pushState(entry, '', href);
    depth++;
  }
  place.value = read();
  surface.current.to(0);
}

// Where there is nothing to go back to, the fallback takes this entry's place.
export function back(fallback = '/home'): void {
  if (depth > 0) history.back();
  else navigate(fallback, true);
}

let knows: (path: string) => boolean = () => false;

function onClick(e: MouseEvent): void {
  if (e.defaultPrevented || e.button !== 0 || e.metaKey || e.ctrlKey || e.shiftKey || e.altKey) return;
  const link = (e.target as Element).closest?.('a[href]');
  if (!(link instanceof HTMLAnchorElement) || link.origin !== location.origin || link.hasAttribute('download') || (link.target && link.target !== '_self')) return;
  if (!knows(link.pathname)) return;
  e.preventDefault();
  const href = link.pathname + link.search + link.hash, turn = 'replace' in link.dataset && turns.get(columnOf(link) ?? '');
  if (turn) turn(href);
  else if (link.href === location.href) surface.current.same();
  else navigate(href, 'replace' in link.dataset, link);
}

let stop = (): void => undefined;
// Views draw a moment later, lists with remembered heights at once: try until the document is tall enough.
function restore(y: number, key: string): void {
  stop();
  stop = settle({ y: () => surface.current.y(), to: to => surface.current.to(to) }, y, () => place.peek().key === key);
}

export function startRouter(known: (path: string) => boolean): void {
  knows = known;
  history.scrollRestoration = 'manual';
  document.addEventListener('click', onClick);
  let timer = 0;
  addEventListener('scroll', () => {
    clearTimeout(timer);
    timer = window.setTimeout(remember, 150);
  }, { passive: true, capture: true });
  addEventListener('popstate', e => {
    const y = entryOf(e.state)?.y ?? 0;
    depth = Math.max(0, depth - 1);
    moved = true;
    place.value = read();
    restore(y, place.peek().key);
  });
  const first = entryOf(history.state);
  if (first && first.y > 0) restore(first.y, first.key);
}
