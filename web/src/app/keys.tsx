// Keyboard shortcuts: one table, which the list behind "?" shows too.  Single letters work only where nothing is typed.
import { useLayoutEffect } from 'preact/hooks';
import { current } from '../api/accounts.ts';
import { openComposer } from '../compose/open.tsx';
import { msg, t } from '../i18n/index.ts';
import { mayBoost, mayQuote } from '../status/actions.tsx';
import { translate, canTranslate } from '../status/translation.tsx';
import { lessMotion } from '../store/preferences.ts';
import { type Post, bookmark, boost, favourite, post as postOf } from '../store/posts.ts';
import { Dialog, overlay, show } from '../ui/dialog.tsx';
import { attempt } from '../ui/toast.tsx';
import { activeColumn, columnKeys, columnsOn } from './pane.ts';
import { back, navigate } from './router.ts';

interface Shortcut {
  keys: string; // one, or two after each other
  last?: string; // of a row of keys that begins with keys
  columns?: boolean; // only where there are several
  text: string;
  run: (post: Post | undefined, row: HTMLElement | null, key: string) => void;
}

const rowOf = (): HTMLElement | null => (document.activeElement as HTMLElement | null)?.closest<HTMLElement>('[data-post]') ?? null;

// The next or previous post, or the first that can be seen.
function move(by: 1 | -1): void {
  const all = [...activeColumn()?.querySelectorAll<HTMLElement>('[data-post]') ?? []], focused = rowOf(), box = focused?.getBoundingClientRect();
  const here = box && box.bottom > 0 && box.top < innerHeight ? focused : null; // who scrolled away goes on from what can be seen
  const next = here ? all[all.indexOf(here) + by] : all.find(e => e.getBoundingClientRect().top > 50);
  if (!next) return;
  next.focus({ preventScroll: true });
  next.scrollIntoView({ block: 'start', behavior: lessMotion() ? 'auto' : 'smooth' });
}

const click = (row: HTMLElement | null, selector: string): void => row?.querySelector<HTMLElement>(selector)?.click();
const go = (path: string) => (): void => navigate(path);

export const shortcuts: Shortcut[] = [
  { keys: 'j', text: msg('Next post'), run: () => move(1) },
  { keys: 'k', text: msg('Previous post'), run: () => move(-1) },
  { keys: 'Enter', text: msg('Open the thread'), run: (_, row) => click(row, '.by-when a') },
  { keys: 'r', text: msg('Reply'), run: p => { if (p) openComposer({ reply: p.id }); } },
  { keys: 'b', text: msg('Boost'), run: p => { if (p && mayBoost(p)) void attempt(() => boost(p.id)); } },
  { keys: 'q', text: msg('Quote'), run: p => { if (p && mayQuote(p)) openComposer({ quote: p.id }); } },
  { keys: 'f', text: msg('Favourite'), run: p => { if (p) void attempt(() => favourite(p.id)); } },
  { keys: 'd', text: msg('Bookmark'), run: p => { if (p) void attempt(() => bookmark(p.id)); } },
  { keys: 'e', text: msg('React'), run: (_, row) => click(row, '.do-react') },
  { keys: 't', text: msg('Translate'), run: p => { if (p && canTranslate(p)) void attempt(() => translate(p)); } },
  { keys: 'x', text: msg('Show what is hidden'), run: (_, row) => click(row, '[data-reveal]') },
  { keys: 'm', text: msg('Open the first picture'), run: (_, row) => click(row, '.tile-open') },
  { keys: 'p', text: msg('Open the profile'), run: (_, row) => click(row, '.by-name') },
  { keys: '.', text: msg('Show new posts'), run: () => { activeColumn()?.querySelector<HTMLElement>('.offer button')?.click(); } },
  { keys: '1', last: '9', columns: true, text: msg('Go to this column'), run: (_, __, key) => columnKeys.current?.focus(Number(key)) },
  { keys: 'h', columns: true, text: msg('Previous column'), run: () => columnKeys.current?.step(-1) },
  { keys: 'l', columns: true, text: msg('Next column'), run: () => columnKeys.current?.step(1) },
  { keys: 'H', columns: true, text: msg('Move the column back'), run: () => columnKeys.current?.shift(-1) },
  { keys: 'L', columns: true, text: msg('Move the column forward'), run: () => columnKeys.current?.shift(1) },
  { keys: 'n', text: msg('New post'), run: () => openComposer() },
  { keys: '/', text: msg('Search'), run: go('/search') },
  { keys: 'g h', text: msg('Home'), run: go('/home') },
  { keys: 'g n', text: msg('Notifications'), run: go('/notifications') },
  { keys: 'g l', text: msg('Local'), run: go('/public/local') },
  { keys: 'g t', text: msg('Federated'), run: go('/public') },
  { keys: 'g e', text: msg('Explore'), run: go('/explore') },
  { keys: 'g d', text: msg('Private mentions'), run: go('/conversations') },
  { keys: 'g b', text: msg('Bookmarks'), run: go('/bookmarks') },
  { keys: 'g f', text: msg('Favourites'), run: go('/favourites') },
  { keys: 'g u', text: msg('Your profile'), run: () => navigate(`/@${current.value?.acct ?? ''}`) },
  { keys: 'g s', text: msg('Settings'), run: go('/settings') },
  { keys: 'Backspace', text: msg('Back'), run: () => back() },
  { keys: '?', text: msg('Keyboard shortcuts'), run: () => showKeys() },
];

const usable = (s: Shortcut): boolean => !s.columns || columnsOn.value;
const isFor = (s: Shortcut, keys: string): boolean => usable(s) && (s.last ? keys.length === 1 && keys >= s.keys && keys <= s.last : s.keys === keys);

export function showKeys(): void {
  show(close => <Dialog title={t('Keyboard shortcuts')} onClose={close}>
    <dl class="keys">{shortcuts.filter(usable).map(s => <><dt>{s.keys.split(' ').map(k => <kbd>{k}</kbd>)}{s.last && <>–<kbd>{s.last}</kbd></>}</dt><dd>{t(s.text)}</dd></>)}</dl>
  </Dialog>);
}

const types = 'input:not([type=radio]):not([type=checkbox]), textarea, select, [contenteditable], dialog';

export function useShortcuts(): void {
  useLayoutEffect(() => {
    let first = '', timer = 0;
    const onKeyDown = (e: KeyboardEvent): void => {
      const target = e.target as HTMLElement;
      if (e.ctrlKey || e.metaKey || e.altKey || e.isComposing || overlay.peek() || target.closest(types)) return;
      // Enter and the rest belong to the button or link that has the focus.
      if (e.key === 'Enter' && !target.matches('[data-post]')) return;
      const keys = first ? `${first} ${e.key}` : e.key;
      first = '';
      clearTimeout(timer);
      const found = shortcuts.find(s => isFor(s, keys));
      if (found) {
        e.preventDefault();
        const row = rowOf();
        found.run(row ? postOf(row.dataset.post!) : undefined, row, e.key);
      } else if (shortcuts.some(s => s.keys.startsWith(`${e.key} `))) {
        first = e.key;
        timer = window.setTimeout(() => { first = ''; }, 1200);
      }
    };
    document.addEventListener('keydown', onKeyDown);
    return () => document.removeEventListener('keydown', onKeyDown);
  }, []);
}
