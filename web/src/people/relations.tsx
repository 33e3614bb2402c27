// Lists of decisions: follow requests, blocks, mutes, servers.
import { type Signal, useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import type { mastodon } from 'masto';
import { Column } from '../app/shell.tsx';
import { api } from '../api/client.ts';
import { t, until } from '../i18n/index.ts';
import { personPath } from '../store/handle.ts';
import { type Pages, forgetPages, pages } from '../store/pages.ts';
import { type Person, block, blockDomain, mute, person, putPerson } from '../store/people.ts';
import { Paged } from '../timeline/paged.tsx';
import { Avatar, Name } from '../ui/bits.tsx';
import { TagBones } from '../ui/bones.tsx';
import { Button } from '../ui/button.tsx';
import { plain } from '../ui/html.tsx';
import { attempt } from '../ui/toast.tsx';
import { Answer } from './answer.tsx';
import { Familiar } from './familiar.tsx';

function Row({ person: p, note, children }: { person: Person; note?: string; children: ComponentChildren }) {
  return <div class="person-row">
    <a href={personPath(p)} class="who"><Avatar person={p} /><span><Name person={p} /><bdi class="handle">@{p.acct}</bdi>{note ? <span class="more">{note}</span> : <span class="quiet clamp-1" dir="auto">{plain(p.note)}</span>}</span></a>
    {children}
  </div>;
}

const drop = <T,>(list: Pages<T>, x: T): void => { list.items.value = list.items.peek().filter(y => y !== x); };

// Fresh each time it is opened.
function usePages<T, U>(key: string, start: () => AsyncIterator<T[]>, take: (page: T[]) => U[]): Pages<U> {
  const list: Signal<Pages<U> | null> = useSignal(null);
  if (list.value === null) {
    forgetPages(key);
    list.value = pages(key, start, take);
  }
  return list.value;
}

export function RequestsView() {
  const list = usePages('requests', () => api.v1.followRequests.list({ limit: 40 }).values(), page => page.map(a => putPerson(a).id));
  return <Column><Paged name="requests" list={list} label={t('Follow requests')} keyOf={id => id} empty={<p>{t('Nobody is waiting for your answer.')}</p>}
    draw={id => { const p = person(id); return p && <div><Row person={p}><Answer id={id} onAnswer={() => drop(list, id)} /></Row><div class="pad-in"><Familiar id={id} /></div></div>; }} /></Column>;
}

export function BlocksView() {
  const list = usePages('blocks', () => api.v1.blocks.list({ limit: 40 }).values(), page => page.map(a => putPerson(a).id));
  const undo = async (id: string): Promise<void> => { if (await attempt(() => block(id, false))) drop(list, id); };
  return <Column><Paged name="blocks" list={list} label={t('Blocked people')} keyOf={id => id} empty={<p>{t('You block nobody.')}</p>}
    draw={id => { const p = person(id); return p && <Row person={p}><Button onClick={() => void undo(id)}>{t('Unblock')}</Button></Row>; }} /></Column>;
}

type Muted = { id: string; expires: string | null };

export function MutesView() {
  const list = usePages<mastodon.v1.Account, Muted>('mutes', () => api.v1.mutes.list({ limit: 40 }).values(),
    page => page.map(a => ({ id: putPerson(a).id, expires: (a as { muteExpiresAt?: string | null }).muteExpiresAt ?? null })));
  const undo = async (m: Muted): Promise<void> => { if (await attempt(() => mute(m.id, false))) drop(list, m); };
  return <Column><Paged name="mutes" list={list} label={t('Muted people')} keyOf={m => m.id} empty={<p>{t('You mute nobody.')}</p>}
    draw={m => { const p = person(m.id); return p && <Row person={p} note={m.expires ? t('Ends {0}', until(m.expires)) : undefined}><Button onClick={() => void undo(m)}>{t('Unmute')}</Button></Row>; }} /></Column>;
}

export function DomainsView() {
  const list = usePages('domains', () => api.v1.domainBlocks.list({ limit: 100 }).values(), (page: string[]) => page), domain = useSignal('');
  const add = async (e: Event): Promise<void> => {
    e.preventDefault();
    const name = domain.peek().trim().toLowerCase();
    if (!await attempt(() => blockDomain(name, true))) return;
    list.items.value = [name, ...list.items.peek().filter(d => d !== name)];
    domain.value = '';
  };
  const undo = async (d: string): Promise<void> => { if (await attempt(() => blockDomain(d, false))) drop(list, d); };
  return <Column>
    <form class="one-line" onSubmit={e => void add(e)}><label class="sr" for="new-domain">{t('Server to block')}</label>
      <input id="new-domain" value={domain.value} placeholder="example.com" autocapitalize="off" onInput={e => { domain.value = e.currentTarget.value; }} />
      <Button type="submit" kind="main" disabled={domain.value.trim() === ''}>{t('Block')}</Button></form>
    <Paged name="domains" list={list} label={t('Blocked servers')} waits={TagBones} keyOf={d => d} empty={<p>{t('You block no server. Blocking one hides everybody on it.')}</p>}
      draw={d => <div class="person-row"><bdi class="who">{d}</bdi><Button onClick={() => void undo(d)}>{t('Unblock')}</Button></div>} /></Column>;
}
