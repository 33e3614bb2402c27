// Several columns beside each other: those that stay, each with its own place, and one more for what is opened, which is the page's address.
import { signal } from '@preact/signals';
import { useEffect, useLayoutEffect, useMemo, useRef } from 'preact/hooks';
import type { ComponentChildren } from 'preact';
import { computed, signal as made } from '@preact/signals';
import { returnTo } from '../app/focus.ts';
import { type Pane, PaneContext, activeColumn, columnKeys, page } from '../app/pane.ts';
import { back, moved, navigate, place, surface, turns, windowSurface } from '../app/router.ts';
import { find } from '../app/routes.ts';
import { settle } from '../app/settle.ts';
import { Notices, Outlet, Side } from '../app/shell.tsx';
import { Composer } from '../compose/composer.tsx';
import { beside } from '../compose/open.tsx';
import { t } from '../i18n/index.ts';
import { type Col, lessMotion } from '../store/preferences.ts';
import { Empty } from '../ui/bits.tsx';
import { Button, IconButton } from '../ui/button.tsx';
import { Icon } from '../ui/icon.tsx';
import { MenuButton, type MenuItem } from '../ui/menu.tsx';
import { announce } from '../ui/toast.tsx';
import { addColumn } from './add.tsx';
import { add, change, mayStay, move, remove } from './columns.ts';
import { columns, forgetPlace, keepPlace, placeOf, setColumns } from './state.ts';

const REST = '/deck'; // the address when nothing is opened
const hrefOf = (p: { path: string; query: URLSearchParams }): string => p.path + (p.query.size > 0 ? `?${p.query}` : '');
const elementOf = (id: string): HTMLElement | null => document.querySelector<HTMLElement>(`.deck [data-column="${CSS.escape(id)}"]`);
const titleOf = (id: string): string => elementOf(id)?.querySelector('.column-title')?.textContent ?? '';
const fromRight = (): boolean => getComputedStyle(document.documentElement).direction === 'rtl';

function reveal(id: string, focus = false): void {
  const box = elementOf(id);
  box?.scrollIntoView({ block: 'nearest', inline: 'nearest', behavior: lessMotion() ? 'auto' : 'smooth' });
  if (focus) box?.querySelector<HTMLElement>('.column-title')?.focus({ preventScroll: true });
}

function shift(id: string, to: number): void {
  setColumns(move(columns.peek(), id, to));
  requestAnimationFrame(() => {
    reveal(id);
    announce(t('{0}: column {1} of {2}', titleOf(id), String(columns.peek().findIndex(c => c.id === id) + 1), String(columns.peek().length)));
  });
}

function drop(id: string): void {
  const list = columns.peek(), at = list.findIndex(c => c.id === id), next = list[at + 1] ?? list[at - 1];
  setColumns(remove(list, id));
  forgetPlace(id);
  requestAnimationFrame(() => (next ? reveal(next.id, true) : document.getElementById('column')?.focus()));
}

// ---- dragging ---------------------------------------------------------------------------------------------------

const dragged = signal<string | null>(null), target = signal<number | null>(null);

function over(e: DragEvent, index: number): void {
  if (dragged.peek() === null) return;
  e.preventDefault();
  const box = (e.currentTarget as HTMLElement).getBoundingClientRect(), second = e.clientX > box.left + box.width / 2;
  target.value = index + (second !== fromRight() ? 1 : 0);
}

function dropped(e: DragEvent): void {
  e.preventDefault();
  if (dragged.peek() !== null && target.peek() !== null) shift(dragged.peek()!, target.peek()!);
  dragged.value = target.value = null;
}

// ---- a column that stays ----------------------------------------------------------------------------------------

function menuOf(id: string): (MenuItem | null)[] {
  const list = columns.peek(), at = list.findIndex(c => c.id === id), col = list[at]!, right = fromRight();
  return [
    at > 0 ? { icon: 'previous', text: right ? t('Move right') : t('Move left'), run: () => shift(id, at - 1) } : null,
    at < list.length - 1 ? { icon: 'next', text: right ? t('Move left') : t('Move right'), run: () => shift(id, at + 2) } : null,
    { icon: 'list', text: col.wide ? t('Narrower') : t('Wider'), run: () => setColumns(change(list, id, { wide: !col.wide })) },
    { icon: 'close', text: t('Remove column'), danger: true, run: () => drop(id) },
  ];
}

function paneOf(id: string): Pane {
  const own = computed(() => {
    const url = new URL(columns.value.find(c => c.id === id)?.path ?? REST, location.origin);
    return { path: url.pathname, query: url.searchParams, key: `${id} ${url.pathname}${url.search}` };
  });
  // Its own tabs and forms turn the column's page; what cannot stay in a column opens beside it.
  const go = (href: string): void => (mayStay(href) ? setColumns(change(columns.peek(), id, { path: href })) : navigate(href, false, elementOf(id)));
  return { place: own, heading: made<string | null>(null), pinned: true, go, scrolls: true, element: () => elementOf(id),
    before: () => <span class="grip" draggable title={t('Drag to another place')} onDragStart={e => { e.dataTransfer?.setData('text/plain', id); dragged.value = id; }} onDragEnd={() => { dragged.value = target.value = null; }}><Icon name="grip" /></span>,
    after: () => <MenuButton icon="columns" label={t('This column')} items={() => menuOf(id)} /> };
}

// Puts back what moving the element in the document has lost.
function usePlace(id: string, index: number): void {
  useLayoutEffect(() => {
    const box = elementOf(id), y = placeOf(id);
    if (box && Math.abs(box.scrollTop - y) > 1) box.scrollTop = y;
  }, [index]);
  // Lists fill a moment after a reload.
  useEffect(() => {
    const y = placeOf(id);
    settled.delete(id);
    return settle({ y: () => elementOf(id)?.scrollTop ?? y, to: to => { const box = elementOf(id); if (box && to > 0) box.scrollTop = to; } }, y, () => placeOf(id) === y, () => { settled.add(id); });
  }, []);
}
const settled = new Set<string>();

function Pinned({ col, index }: { col: Col; index: number }) {
  const pane = useMemo(() => paneOf(col.id), [col.id]);
  useEffect(() => {
    turns.set(col.id, pane.go);
    return () => void turns.delete(col.id);
  }, [pane]);
  usePlace(col.id, index);
  const title = pane.heading.value ?? t(find(pane.place.value.path)?.route.title ?? '');
  const mark = target.value === index ? 'drop-before' : target.value === index + 1 && index === columns.value.length - 1 ? 'drop-after' : '';
  return <section class={`column ${col.wide ? 'wide' : ''} ${mark}`} data-column={col.id} aria-label={title} onDragOver={e => over(e, index)} onDrop={dropped}
    onScroll={e => { if (settled.has(col.id)) keepPlace(col.id, e.currentTarget.scrollTop); }}>
    <PaneContext.Provider value={pane}><Outlet /></PaneContext.Provider>
  </section>;
}

// ---- what is opened ---------------------------------------------------------------------------------------------

function leave(): void {
  const { from, post } = place.peek();
  navigate(REST);
  requestAnimationFrame(() => {
    if (from) reveal(from, !post);
  });
}

function stay(): void {
  const href = hrefOf(place.peek()), id = Math.random().toString(36).slice(2, 8), at = columns.peek().findIndex(c => c.id === place.peek().from);
  setColumns(add(columns.peek(), href, id, at + 1));
  requestAnimationFrame(() => reveal(id, true));
}

const opened: Pane = { ...page, scrolls: true, element: () => elementOf(''),
  before: () => <IconButton icon="back" label={t('Back')} onClick={() => back(REST)} />,
  after: () => <>{mayStay(hrefOf(place.value)) && <IconButton icon="pin" label={t('Keep as a column')} onClick={stay} />}<IconButton icon="close" label={t('Close column')} onClick={leave} /></> };

function Opened() {
  useEffect(() => reveal(''), [place.value.key]);
  return <section class="column opened" data-column="" aria-label={opened.heading.value ?? t(find(place.value.path)?.route.title ?? 'Nothing here')}>
    <PaneContext.Provider value={opened}><Outlet /></PaneContext.Provider>
  </section>;
}

// ---- writing beside ---------------------------------------------------------------------------------------------

function Desk() {
  const session = beside.session.value, before = useRef<Element | null>(null);
  const close = (): void => {
    beside.session.value = null;
    const to = before.current;
    if (to instanceof HTMLElement && to.isConnected) to.focus({ preventScroll: true });
  };
  useEffect(() => {
    beside.has = true;
    return () => {
      beside.has = false;
      beside.session.peek()?.leave();
      beside.session.value = null;
    };
  }, []);
  useMemo(() => { if (session) before.current = document.activeElement; }, [session]);
  if (!session) return null;
  const away = (): void => {
    session.leave();
    close();
  };
  return <section class="desk" aria-label={t('New post')} onKeyDown={e => { if (e.key === 'Escape' && !e.defaultPrevented && !(e.target as Element).closest('dialog, .menu-anchor')) away(); }}>
    <header><h2>{session.draft.value.reply ? t('Reply') : t('New post')}</h2><IconButton icon="close" label={t('Close')} onClick={away} /></header>
    <Composer key={beside.turn} session={session} onDone={close} />
  </section>;
}

// ---- all of it --------------------------------------------------------------------------------------------------

// The page's address is that of a column, or nothing is opened.
const standsAlready = (list: readonly Col[]): Col | undefined => list.find(c => c.path === hrefOf(place.value));

function useKeys(order: readonly string[]): void {
  useLayoutEffect(() => {
    const here = (): number => order.indexOf((activeColumn() as HTMLElement | null)?.dataset.column ?? '-');
    const focus = (i: number): void => { if (order[i] !== undefined) reveal(order[i], true); };
    columnKeys.current = {
      focus: n => focus(n - 1),
      step: by => focus(Math.max(0, Math.min(order.length - 1, here() + by))),
      shift: by => {
        const id = order[here()];
        const at = columns.peek().findIndex(c => c.id === id);
        if (id && at >= 0) shift(id, by > 0 ? at + 2 : at - 1);
      },
    };
    return () => { columnKeys.current = null; };
  }, [order.join(' ')]);
}

// Going back from what was opened leads to the post one came from, or to the column that was asked for.
function useReturn(id: string | undefined, isOpen: boolean): void {
  useEffect(() => {
    if (isOpen || !moved) return;
    const { post, column } = place.peek(), row = post && elementOf(column ?? '')?.querySelector<HTMLElement>(`[data-post="${CSS.escape(post)}"]`);
    if (row) {
      row.focus({ preventScroll: true });
      reveal(column!);
    } else if (post) return returnTo(post, column);
    else if (id) reveal(id, true);
  }, [place.value.key]);
}

const opens = (): ComponentChildren => <button type="button" class="side-more" onClick={addColumn}><Icon name="plus" /><span class="nav-text">{t('Add a column')}</span></button>;

export function Deck() {
  const list = columns.value, stands = standsAlready(list), isOpen = place.value.path !== REST && !stands;
  const at = list.findIndex(c => c.id === place.value.from) + 1, focused = document.activeElement;
  const order = list.map(c => c.id);
  if (isOpen) order.splice(at, 0, '');
  useKeys(order);
  useReturn(stands?.id, isOpen);
  useEffect(() => {
    surface.current = { y: () => elementOf('')?.scrollTop ?? 0, to: y => { const box = elementOf(''); if (box) box.scrollTop = y; }, same: () => { const s = standsAlready(columns.peek()); reveal(s?.id ?? '', true); } };
    return () => { surface.current = windowSurface; };
  }, []);
  useLayoutEffect(() => {
    if (focused instanceof HTMLElement && focused.isConnected && document.activeElement === document.body) focused.focus({ preventScroll: true });
  }, [order.join(' ')]);
  const parts = list.map((c, i) => <Pinned key={c.id} col={c} index={i} />);
  if (isOpen) parts.splice(at, 0, <Opened key="" />);
  return <div class="frame several">
    <Side more={opens()} />
    <Desk />
    <main id="column" class="deck" tabIndex={-1}>
      <h1 class="sr">{t('Columns')}</h1>
      <Notices />
      {parts}
      {order.length === 0 && <Empty><p>{t('There are no columns yet.')}</p><Button kind="main" onClick={addColumn}>{t('Add a column')}</Button></Empty>}
    </main>
  </div>;
}
