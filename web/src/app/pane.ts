// Where a view is drawn: the page itself, or one of several columns.  Views ask here for their address and their scrolling, not the window.
import { type ReadonlySignal, type Signal, computed, signal } from '@preact/signals';
import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { ComponentChildren } from 'preact';
import { lessMotion, preferences } from '../store/preferences.ts';
import { type Place, navigate, place } from './router.ts';

export interface Pane {
  place: ReadonlySignal<Place>;
  heading: Signal<string | null>; // what the view calls itself
  pinned: boolean; // stays while others open beside it
  go: (href: string, replace?: boolean) => void;
  element: () => HTMLElement | null; // all of it
  scrolls: boolean; // by itself, not with the window
  before?: () => ComponentChildren; // of the head
  after?: () => ComponentChildren;
}

export const page: Pane = { place, heading: signal(null), pinned: false, go: navigate, element: () => document.getElementById('column'), scrolls: false };
export const PaneContext = createContext<Pane>(page);
export const usePane = (): Pane => useContext(PaneContext);

const scroller = (p: Pane): HTMLElement => (p.scrolls && p.element()) || document.documentElement;
export const scrolled = (p: Pane): number => scroller(p).scrollTop;

export function toTop(p: Pane, gently = false): void {
  scroller(p).scrollTo({ top: 0, behavior: gently && !lessMotion() ? 'smooth' : 'auto' });
}

// At its beginning, in the window, in a page that is looked at.
export function isWatched(p: Pane): boolean {
  const box = p.element()?.getBoundingClientRect();
  return scrolled(p) < 200 && document.visibilityState === 'visible' && (!p.scrolls || Boolean(box && box.right > 0 && box.left < innerWidth));
}

// ---- several columns --------------------------------------------------------------------------------------------

const wide = matchMedia('(min-width: 1180px)'), roomy = signal(wide.matches);
wide.addEventListener('change', () => { roomy.value = wide.matches; });
export const columnsOn = computed(() => roomy.value && preferences.value.layout === 'columns');

// What keys do there; set while columns are shown.
export interface ColumnKeys {
  focus: (n: number) => void;
  step: (by: 1 | -1) => void;
  shift: (by: 1 | -1) => void;
}
export const columnKeys: { current: ColumnKeys | null } = { current: null };

// The column that has the focus, or had it last.
let last: Element | null = null;
document.addEventListener('focusin', e => { last = (e.target as Element).closest('.column') ?? last; });
export const activeColumn = (): Element | null => document.activeElement?.closest('.column') ?? (last?.isConnected ? last : document.querySelector('.column'));
