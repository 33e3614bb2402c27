// What stands around every view: navigation (a bar below on a phone, a column beside on a desktop), the head of the column, the aside.
import { type Signal, signal, useSignal } from '@preact/signals';
import { Component, type ComponentChildren, type ComponentType } from 'preact';
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import type { mastodon } from 'masto';
import { actAs, current, logins } from '../api/accounts.ts';
import { api, sessionLost } from '../api/client.ts';
import { signIn, signOut } from '../api/oauth.ts';
import { connected } from '../api/stream.ts';
import { offline } from '../api/worker.ts';
import { openComposer } from '../compose/open.tsx';
import { msg, t, tn } from '../i18n/index.ts';
import { lists, server, unread } from '../store/me.ts';
import { prefer } from '../store/preferences.ts';
import { Button, IconButton } from '../ui/button.tsx';
import { Spinner } from '../ui/bits.tsx';
import { confirm, overlay } from '../ui/dialog.tsx';
import { Icon, type IconName } from '../ui/icon.tsx';
import { MenuButton, type MenuItem } from '../ui/menu.tsx';
import { Toasts } from '../ui/toast.tsx';
import { returnTo, useFocusKept } from './focus.ts';
import { Lost } from './lost.tsx';
import { showKeys, useShortcuts } from './keys.tsx';
import { columnsOn, toTop, usePane } from './pane.ts';
import { back, moved, navigate, place } from './router.ts';
import { type View, find } from './routes.ts';

interface Destination {
  href: string;
  icon: IconName;
  text: string;
  phone?: boolean;
}

const destinations: Destination[] = [
  { href: '/home', icon: 'home', text: msg('Home'), phone: true },
  { href: '/search', icon: 'search', text: msg('Search'), phone: true },
  { href: '/notifications', icon: 'bell', text: msg('Notifications'), phone: true },
  { href: '/explore', icon: 'explore', text: msg('Explore'), phone: true },
  { href: '/public/local', icon: 'people', text: msg('Local') },
  { href: '/public', icon: 'globe', text: msg('Federated') },
  { href: '/conversations', icon: 'mail', text: msg('Private mentions') },
  { href: '/lists', icon: 'list', text: msg('Lists') },
  { href: '/bookmarks', icon: 'bookmark', text: msg('Bookmarks') },
  { href: '/favourites', icon: 'star', text: msg('Favourites') },
  { href: '/settings', icon: 'gear', text: msg('Settings') },
];

const isHere = (href: string): boolean => place.value.path === href;

function NavLink({ to, onClick }: { to: Destination; onClick?: () => void }) {
  const n = to.href === '/notifications' ? unread.value : 0;
  return <a href={to.href} aria-current={isHere(to.href) ? 'page' : undefined} onClick={onClick}>
    <span class="nav-icon"><Icon name={to.icon} filled={isHere(to.href)} />{n > 0 && <span class="badge-count">{n > 99 ? '99+' : n}<span class="sr"> {t('unread')}</span></span>}</span>
    <span class="nav-text">{t(to.text)}</span>
  </a>;
}

// ---- accounts ---------------------------------------------------------------------------------------------------

function accountItems(): MenuItem[] {
  const me = current.value!;
  return [
    { icon: 'person', text: t('Your profile'), href: `/@${me.acct}` },
    ...logins.value.filter(a => a.id !== me.id).map((a): MenuItem => ({ icon: 'people', text: t('Switch to @{0}', a.acct), run: () => actAs(a.id) })),
    { icon: 'keyboard', text: t('Keyboard shortcuts'), run: showKeys },
    { icon: 'plus', text: t('Add an account'), run: () => void signIn('/home', true) },
    { icon: 'leave', text: t('Sign out'), danger: true, run: () => void leave() },
  ];
}

async function leave(): Promise<void> {
  const me = current.value!;
  if (await confirm(t('Sign out?'), t('What you have written and not sent stays in this browser.'), t('Sign out'))) await signOut(me);
}

function AccountCorner() {
  const me = current.value;
  if (!me) return null;
  return <div class="account-corner">
    <a href={`/@${me.acct}`} class="who"><img class="avatar" src={me.avatar} alt="" width="40" height="40" /><span><bdi class="name">{me.name}</bdi><bdi class="handle">@{me.acct}</bdi></span></a>
    <MenuButton icon="more" label={t('Accounts')} items={accountItems} />
  </div>;
}

// ---- navigation -------------------------------------------------------------------------------------------------

export function Side({ more }: { more?: ComponentChildren }) {
  return <nav class="side" aria-label={t('Main')}>
    <a class="brand" href="/home"><img src="/static/icon.svg" alt="" width="32" height="32" /><span>{server.value?.title ?? location.hostname}</span></a>
    <div class="side-links">
      {destinations.map(d => <NavLink to={d} />)}
      {lists.value.length > 0 && <div class="side-lists">{lists.value.slice(0, 8).map(l => <NavLink to={{ href: `/lists/${l.id}`, icon: 'list', text: l.title }} />)}</div>}
      {more}
    </div>
    <Button kind="main" onClick={() => void openComposer()}><Icon name="pen" /><span>{t('New post')}</span></Button>
    <AccountCorner />
  </nav>;
}

function Bottom() {
  const open = useSignal(false), sheet = useRef<HTMLElement>(null), button = useRef<HTMLButtonElement>(null);
  useLayoutEffect(() => { if (open.value) sheet.current?.querySelector('a')?.focus(); }, [open.value]);
  const onKeyDown = (e: KeyboardEvent): void => {
    if (e.key !== 'Escape') return;
    open.value = false;
    button.current?.focus();
  };
  return <>
    {open.value && <div class="sheet" onClick={() => { open.value = false; }} onKeyDown={onKeyDown}>
      <nav ref={sheet} class="sheet-in" aria-label={t('More')}>
        {destinations.filter(d => !d.phone).map(d => <NavLink to={d} />)}
        <AccountCorner />
      </nav>
    </div>}
    <nav class="bottom" aria-label={t('Main')}>
      {destinations.filter(d => d.phone).map(d => <NavLink to={d} onClick={() => { open.value = false; }} />)}
      <button ref={button} type="button" aria-expanded={open.value} onClick={() => { open.value = !open.value; }}><span class="nav-icon"><Icon name="list" /></span><span class="nav-text">{t('More')}</span></button>
    </nav>
    {!/^\/(settings|publish|share|start|filters|notifications\/settings)/.test(place.value.path) && <button type="button" class="float" aria-label={t('New post')} onClick={() => void openComposer()}><Icon name="pen" /></button>}
  </>;
}

const trends: Signal<mastodon.v1.Tag[] | null> = signal(null);

// Only where there is room for it.
function Trends() {
  useEffect(() => {
    if (trends.peek() === null && matchMedia('(min-width: 1180px)').matches) void api.v1.trends.tags.list({ limit: 5 }).then(v => { trends.value = v as mastodon.v1.Tag[]; }, () => undefined);
  }, []);
  if (!trends.value?.length) return null;
  return <section class="trends"><h2>{t('Talked about')}</h2><ul class="rows">{trends.value.map(h => <li key={h.name}><a href={`/tags/${encodeURIComponent(h.name)}`}><b dir="auto">#{h.name}</b>
    <span class="quiet">{tn('{0} person', '{0} people', (h.history ?? []).slice(0, 2).reduce((n, d) => n + Number(d.accounts), 0))}</span></a></li>)}</ul></section>;
}

function Aside() {
  const s = server.value;
  return <aside class="aside" aria-label={t('About this server')}>
    {place.value.path !== '/search' && <form class="search-box" role="search" onSubmit={e => { e.preventDefault(); const q = new FormData(e.currentTarget).get('q') as string; if (q.trim()) navigate(`/search?q=${encodeURIComponent(q)}`); }}>
      <label class="sr" for="aside-search">{t('Search')}</label>
      <input id="aside-search" type="search" name="q" placeholder={t('Search')} autocomplete="off" />
    </form>}
    <Trends />
    {s && <section class="card about">
      <h2>{s.title}</h2>
      <p>{s.description}</p>
      <p class="quiet"><a href="/about">{t('About')}</a> · <a href="/privacy-policy">{t('Privacy policy')}</a></p>
    </section>}
    {!connected.value && <p class="quiet offline"><Icon name="refresh" /> {t('Connecting…')}</p>}
  </aside>;
}

// ---- the column -------------------------------------------------------------------------------------------------

// What a view calls itself; else the title of its route.
export function useTitle(title: string | null | undefined): void {
  const { heading } = usePane();
  useEffect(() => {
    heading.value = title ?? null;
    return () => { heading.value = null; };
  }, [title]);
}

export function Column({ children, actions }: { children: ComponentChildren; actions?: ComponentChildren }) {
  const pane = usePane(), found = find(pane.place.value.path);
  const title = pane.heading.value ?? (found ? t(found.route.title) : t('Nothing here'));
  const top = destinations.some(d => d.href === found?.route.pattern.replace('/:tab', ''));
  useEffect(() => { if (!pane.pinned) document.title = `${unread.value > 0 ? `(${unread.value}) ` : ''}${title} – ${server.value?.title ?? location.hostname}`; }, [title, server.value, unread.value]);
  const head = { class: 'column-title', tabIndex: -1, onDblClick: () => toTop(pane) };
  return <>
    <header class="column-head">
      {pane.before ? pane.before() : !top && <IconButton icon="back" label={t('Back')} onClick={() => back()} />}
      {pane.scrolls ? <h2 {...head}>{title}</h2> : <h1 {...head}>{title}</h1>}
      {actions}
      {pane.after?.()}
    </header>
    {children}
  </>;
}

// A mistake of ours in one view leaves the rest standing.
class Guard extends Component<{ children: ComponentChildren }, { failed: boolean }> {
  override state = { failed: false };

  override componentDidCatch(e: unknown): void {
    console.error(e);
    this.setState({ failed: true });
  }

  override render(): ComponentChildren {
    if (!this.state.failed) return this.props.children;
    return <Column><div class="empty" role="alert"><p>{t('This page could not be shown. That is our mistake.')}</p><Button onClick={() => location.reload()}>{t('Try again')}</Button></div></Column>;
  }
}

const loaded = new Map<string, View>();

export function Outlet() {
  const pane = usePane(), { path, key } = pane.place.value;
  const found = find(path);
  const ready = useSignal(0);
  const failed = useSignal(false);
  const view = found?.route.view ?? (found ? loaded.get(found.route.pattern) : undefined);
  useEffect(() => {
    if (!found?.route.load || view) return;
    found.route.load().then(v => { loaded.set(found.route.pattern, v); ready.value++; }, () => { failed.value = true; });
  }, [found?.route.pattern]);
  const shown = useRef('');
  // A new view is announced: its heading gets the focus, but not when the page has just been opened.  Who comes back goes on at the same post.
  // At once, as the next key may have been pressed already; and again when what was only loading is drawn, unless somebody went elsewhere.
  useLayoutEffect(() => {
    if (pane.pinned) return;
    const again = shown.current === key && document.activeElement !== document.body;
    shown.current = key;
    // A view that begins with something to write marks it.
    if (moved && !again) (pane.element()?.querySelector<HTMLElement>('[data-first]') ?? pane.element()?.querySelector<HTMLElement>('.column-title'))?.focus({ preventScroll: true });
    const { post, column } = place.peek();
    if (post) return returnTo(post, column);
  }, [key, view !== undefined]);
  void ready.value;
  if (!found) return <Column><div class="empty"><img src="/static/icon.svg" alt="" width="64" height="64" /><p><a href="/home">{t('Home')}</a></p></div></Column>;
  if (failed.value) return <Column><div class="empty"><p>{t('This part could not be loaded.')}</p><Button onClick={() => location.reload()}>{t('Try again')}</Button></div></Column>;
  if (!view) {
    const Waits = found.route.waits ?? Spinner;
    return <Column><Waits /></Column>;
  }
  const Shown = view;
  return <Guard key={path}><Shown params={found.params} /></Guard>;
}

// ---- the whole --------------------------------------------------------------------------------------------------

export function Notices() {
  return <>
    {sessionLost.value && <Lost />}
    {offline.value && <p class="offline-bar" role="status"><Icon name="warning" /> {t('No connection. This is what was seen last.')}</p>}
  </>;
}

function One() {
  return <div class="frame">
    <Side />
    <main id="column" class="column" tabIndex={-1}>
      <Notices />
      <Outlet />
    </main>
    <Aside />
  </div>;
}

const deck = signal<ComponentType | null>(null);

// Several columns are loaded when somebody wants them; what cannot be loaded leaves the one.
function Frame() {
  const several = columnsOn.value;
  useEffect(() => {
    if (several && !deck.peek()) void import('../deck/deck.tsx').then(m => { deck.value = m.Deck; }, () => prefer({ layout: 'one' }, true));
    if (!several && place.peek().path === '/deck') navigate('/home', true);
  }, [several, place.value.key]);
  if (!several) return <One />;
  return deck.value ? <deck.value /> : <Spinner />;
}

export function App() {
  useShortcuts();
  useFocusKept();
  return <>
    <a class="skip" href="#column">{t('Skip to content')}</a>
    <Frame />
    <Bottom />
    {overlay.value?.()}
    <Toasts />
  </>;
}
