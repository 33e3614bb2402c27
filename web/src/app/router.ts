// One router on the History API: links of this origin that a route knows stay in the page; going back lands where one was.
import { signal } from '@preact/signals';

export interface Place {
  path: string;
  query: URLSearchParams;
  key: string;
  post?: string; // which had the focus when it was left
}

interface Entry {
  key: string;
  y: number;
  post?: string;
}

export type Params = Record<string, string>;

const newKey = (): string => Math.random().toString(36).slice(2, 10);
const entryOf = (state: unknown): Entry | null => (typeof (state as Entry | null)?.key === 'string' ? (state as Entry) : null);

function read(): Place {
  const entry = entryOf(history.state) ?? { key: newKey(), y: 0 };
  if (!entryOf(history.state)) history.replaceState(entry, '');
  return { path: location.pathname, query: new URLSearchParams(location.search), key: entry.key, post: entry.post };
}

export const place = signal<Place>(read());
// How often a view was opened inside the client: whether "back" has somewhere to go.
let depth = 0;

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

const remember = (): void => history.replaceState({ key: place.peek().key, y: scrollY, post: focusedPost() }, '');

export function navigate(href: string, replace = false): void {
  remember();
  const entry: Entry = { key: newKey(), y: 0 };
  if (replace) history.replaceState(entry, '', href);
  else {
    history.pushState(entry, '', href);
    depth++;
  }
  place.value = read();
  scrollTo(0, 0);
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
  if (link.href === location.href) scrollTo({ top: 0 });
  else navigate(link.pathname + link.search + link.hash, 'replace' in link.dataset);
}

// Views draw a moment later, lists with remembered heights at once: try until the document is tall enough.
function restore(y: number, key: string, tries = 40): void {
  scrollTo(0, y);
  if (Math.abs(scrollY - y) > 2 && tries > 0 && place.peek().key === key) setTimeout(() => restore(y, key, tries - 1), 25);
}

export function startRouter(known: (path: string) => boolean): void {
  knows = known;
  history.scrollRestoration = 'manual';
  document.addEventListener('click', onClick);
  let timer = 0;
  addEventListener('scroll', () => {
    clearTimeout(timer);
    timer = window.setTimeout(remember, 150);
  }, { passive: true });
  addEventListener('popstate', e => {
    const y = entryOf(e.state)?.y ?? 0;
    depth = Math.max(0, depth - 1);
    place.value = read();
    restore(y, place.peek().key);
  });
  const first = entryOf(history.state);
  if (first && first.y > 0) restore(first.y, first.key);
}
