// What to put into a new column.
import { useId } from 'preact/hooks';
import { columnsOn } from '../app/pane.ts';
import { msg, t } from '../i18n/index.ts';
import { lists } from '../store/me.ts';
import { Button } from '../ui/button.tsx';
import { Dialog, show } from '../ui/dialog.tsx';
import { Icon, type IconName } from '../ui/icon.tsx';
import { MAX, add } from './columns.ts';
import { columns, setColumns } from './state.ts';

const fixed: { path: string; icon: IconName; text: string }[] = [
  { path: '/home', icon: 'home', text: msg('Home') },
  { path: '/notifications', icon: 'bell', text: msg('Notifications') },
  { path: '/public/local', icon: 'people', text: msg('Local') },
  { path: '/public', icon: 'globe', text: msg('Federated') },
  { path: '/conversations', icon: 'mail', text: msg('Private mentions') },
  { path: '/bookmarks', icon: 'bookmark', text: msg('Bookmarks') },
  { path: '/favourites', icon: 'star', text: msg('Favourites') },
  { path: '/explore', icon: 'explore', text: msg('Explore') },
];

// What somebody types, as an address: a hashtag, words, a person.
const typed: { text: string; icon: IconName; hint: string; to: (s: string) => string }[] = [
  { text: msg('Hashtag'), icon: 'hash', hint: '#', to: s => `/tags/${encodeURIComponent(s.replace(/^#/, ''))}` },
  { text: msg('Search'), icon: 'search', hint: '', to: s => `/search?q=${encodeURIComponent(s)}&type=statuses` },
  { text: msg('Profile'), icon: 'person', hint: '@', to: s => `/@${s.replace(/^@/, '')}` },
];

function put(path: string, close: () => void): void {
  const id = Math.random().toString(36).slice(2, 8);
  setColumns(add(columns.peek(), path, id));
  close();
  requestAnimationFrame(() => {
    const box = document.querySelector<HTMLElement>(`.deck [data-column="${id}"]`);
    box?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
    box?.querySelector<HTMLElement>('.column-title')?.focus({ preventScroll: true });
  });
}

function Typed({ what, close }: { what: typeof typed[number]; close: () => void }) {
  const id = useId();
  const submit = (e: SubmitEvent): void => {
    e.preventDefault();
    const s = String(new FormData(e.currentTarget as HTMLFormElement).get('what')).trim();
    if (s) put(what.to(s), close);
  };
  return <form class="one-line" onSubmit={submit}>
    <Icon name={what.icon} /><label class="sr" for={id}>{t(what.text)}</label>
    <input id={id} name="what" dir="auto" required maxLength={200} autocapitalize="none" placeholder={what.hint + t(what.text)} /><Button type="submit">{t('Add')}</Button>
  </form>;
}

function Choices({ close }: { close: () => void }) {
  const have = new Set(columns.value.map(c => c.path)), all = [...fixed.map(f => ({ ...f, text: t(f.text) })), ...lists.value.map(l => ({ path: `/lists/${l.id}`, icon: 'list' as IconName, text: l.title }))];
  if (have.size >= MAX) return <p>{t('There is room for {0} columns. Remove one first.', String(MAX))}</p>;
  return <>
    <div class="column-choices">{all.filter(c => !have.has(c.path)).map(c => <button type="button" class="button" key={c.path} onClick={() => put(c.path, close)}><Icon name={c.icon} /><span class="clamp-1" dir="auto">{c.text}</span></button>)}</div>
    {typed.map(what => <Typed key={what.text} what={what} close={close} />)}
  </>;
}

export function addColumn(): void {
  if (columnsOn.peek()) show(close => <Dialog title={t('Add a column')} onClose={close} class="small"><Choices close={close} /></Dialog>);
}
