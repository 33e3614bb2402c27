// Small parts that many views show.
import { signal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { errorText } from '../api/client.ts';
import { ago, dateTime, t } from '../i18n/index.ts';
import { personPath } from '../store/handle.ts';
import type { Person } from '../store/people.ts';
import { mayMove } from '../store/preferences.ts';
import { Button } from './button.tsx';
import { Emojified } from './html.tsx';

export function Avatar({ person, size = 48 }: { person: Person; size?: number }) {
  return <img class="avatar" src={mayMove() ? person.avatar : person.avatarStatic} alt="" width={size} height={size} loading="lazy" decoding="async" />;
}

export function Name({ person }: { person: Person }) {
  return <bdi class="name"><Emojified text={person.displayName || person.username} emojis={person.emojis} /></bdi>;
}

export function PersonLink({ person }: { person: Person }) {
  return <a class="person-link" href={personPath(person)}><Name person={person} /></a>;
}

// Goes on while the page is open, so that "1m" becomes "2m".
const now = signal(Date.now());
if (typeof window !== 'undefined') setInterval(() => { if (document.visibilityState === 'visible') now.value = Date.now(); }, 30_000);

export function Time({ iso }: { iso: string }) {
  return <time dateTime={iso} title={dateTime(iso)}>{ago(iso, Math.max(now.value, Date.now()))}</time>;
}

export function Spinner() {
  return <div class="spinner" role="status"><span class="sr">{t('Loading')}</span></div>;
}

export function Empty({ children }: { children: ComponentChildren }) {
  return <div class="empty"><img src="/static/icon.svg" alt="" width="64" height="64" />{children}</div>;
}

export function Failed({ error, retry }: { error: unknown; retry: () => void }) {
  const text = errorText(error), status = (error as { statusCode?: number } | null)?.statusCode;
  if (status === 404 || status === 410) return <div class="empty" role="alert"><h2>{t('Nothing here')}</h2><p>{t('This does not exist any more, or you may not see it.')}</p></div>;
  return <div class="empty" role="alert"><p>{text}</p><Button onClick={retry}>{t('Try again')}</Button></div>;
}

export function Tabs({ label, tabs }: { label: string; tabs: { href: string; text: string; here: boolean }[] }) {
  const nav = useRef<HTMLElement>(null), here = tabs.findIndex(x => x.here);
  useLayoutEffect(() => { // the one that is open is seen, however many stand before it
    const all = nav.current!, one = all.children[here]?.getBoundingClientRect(), room = all.getBoundingClientRect();
    if (one) all.scrollLeft += Math.max(0, one.right - room.right) - Math.max(0, room.left - one.left);
  }, [here]);
  return <nav ref={nav} class="tabs" aria-label={label}>{tabs.map(x => <a href={x.href} aria-current={x.here ? 'page' : undefined} data-replace>{x.text}</a>)}</nav>;
}
