// A person: who they are, how you stand to each other, and what they post.
import { type Signal, signal, useSignal } from '@preact/signals';
import { useEffect, useMemo } from 'preact/hooks';
import type { mastodon } from 'masto';
import { Column, useTitle } from '../app/shell.tsx';
import type { Params } from '../app/router.ts';
import { current } from '../api/accounts.ts';
import { api } from '../api/client.ts';
import { compact, msg, t, tn, tx } from '../i18n/index.ts';
import { Status } from '../status/status.tsx';
import { acctHere, handle } from '../store/handle.ts';
import { type Person, findByAcct, loadByAcct, wantRelationship } from '../store/people.ts';
import { putStatuses } from '../store/posts.ts';
import { needs } from '../store/shelf.ts';
import { type ProfileTab, accountTimeline } from '../store/timelines.ts';
import { Feed } from '../timeline/feed.tsx';
import { Empty, Failed, Name, Tabs } from '../ui/bits.tsx';
import { ProfileBones } from '../ui/bones.tsx';
import { Button } from '../ui/button.tsx';
import { Html } from '../ui/html.tsx';
import { Icon } from '../ui/icon.tsx';
import { MenuButton } from '../ui/menu.tsx';
import { About, Fields } from './about.tsx';
import { Answer } from './answer.tsx';
import { Familiar } from './familiar.tsx';
import { FollowButton } from './follow.tsx';
import { menuOf, ownMenu } from './menu.ts';
import { Note } from './note.tsx';

// Where things stand that is not as usual.
function Notices({ person: p }: { person: Person }) {
  const r = wantRelationship(p.id).value;
  return <>
    {p.moved && <p class="notice">{tx('This account has moved to {0}', <a href={`/@${p.moved.acct}`}><bdi>@{p.moved.acct}</bdi></a>)}</p>}
    {p.suspended && <p class="notice">{t('This account is suspended.')}</p>}
    {p.memorial && <p class="notice">{t('In memory of a person who has died.')}</p>}
    {r?.blockedBy && <p class="notice">{t('This person has blocked you.')}</p>}
    {r?.domainBlocking && <p class="notice">{t('You have blocked the server of this account.')}</p>}
    {r?.requestedBy && <div class="notice"><p>{t('Wants to follow you.')}</p><Answer id={p.id} /></div>}
  </>;
}

function Head({ person: p }: { person: Person }) {
  const r = wantRelationship(p.id).value, mine = p.id === current.value?.id;
  const path = `/@${p.acct}`;
  return <section class="profile" aria-label={t('Profile')}>
    <div class="banner">{p.header && !p.header.endsWith('/missing.png') && <img src={p.header} alt="" />}</div>
    <div class="profile-in">
      <div class="profile-top"><img class="face" src={p.avatar} alt="" width="96" height="96" />
        <div class="profile-buttons">{mine ? <a class="button" href="/settings/profile">{t('Edit profile')}</a> : <FollowButton person={p} />}<MenuButton icon="more" label={t('More')} items={() => (mine ? ownMenu(p) : menuOf(p, r))} /></div></div>
      <h2><Name person={p} /></h2>
      <p class="handle"><bdi>{handle(p)}</bdi> {p.locked && <Icon name="lock" />}{p.bot && <span class="tag">{t('Automated')}</span>}{p.roles?.map(x => <span class="tag">{x.name}</span>)}
        {r?.followedBy && <span class="tag">{t('Follows you')}</span>}{r?.muting && <span class="tag">{t('Muted')}</span>}</p>
      <Notices person={p} />
      <Html html={p.note} emojis={p.emojis} />
      {p.fields.length > 0 && <Fields person={p} />}
      {!mine && <Familiar id={p.id} />}
      {!mine && <Note id={p.id} />}
      <p class="numbers"><span>{tn('{0} post', '{0} posts', p.statusesCount)}</span><a href={`${path}/following`}>{t('{0} following', compact(p.followingCount))}</a><a href={`${path}/followers`}>{tn('{0} follower', '{0} followers', p.followersCount)}</a></p>
    </div>
  </section>;
}

// What somebody has pinned, of those who were looked at last: it stands above their posts, so these wait for it.
const pins = new Map<string, Signal<string[] | null>>();
const PINS = 12, PINS_WAIT_MS = 1500;
needs(function* () {
  for (const list of pins.values()) yield* list.peek() ?? [];
});

function pinsOf(id: string): Signal<string[] | null> {
  const found = pins.get(id) ?? signal(null);
  pins.delete(id);
  pins.set(id, found); // newest last
  for (const key of pins.keys()) if (pins.size > PINS) pins.delete(key);
  return found;
}

function usePinned(id: string, on: boolean): string[] | null {
  const list = useMemo(() => pinsOf(id), [id]);
  useEffect(() => {
    if (!on) return;
    const without = (): void => { list.value ??= []; }, timer = setTimeout(without, PINS_WAIT_MS);
    void api.v1.accounts.$select(id).statuses.list({ pinned: true }).then(v => { list.value = putStatuses(v as mastodon.v1.Status[]); }, without);
    return () => clearTimeout(timer);
  }, [id, on]);
  return on ? list.value : [];
}

const tabs = [
  { tab: 'posts', path: '', text: msg('Posts') },
  { tab: 'replies', path: '/with_replies', text: msg('With replies') },
  { tab: 'media', path: '/media', text: msg('Media') },
  { tab: 'about', path: '/about', text: msg('About') },
];

// Accounts the moderators have limited are shown to those who ask for it.
const unveiled = signal<readonly string[]>([]);

function Shown({ person: p, tab }: { person: Person; tab: string }) {
  const path = `/@${p.acct}`, pinned = usePinned(p.id, tab === 'posts');
  return <>
    <Head person={p} />
    <Tabs label={t('Profile')} tabs={tabs.map(x => ({ href: path + x.path, text: t(x.text), here: x.tab === tab }))} />
    {tab === 'about' ? <About person={p} />
      : <Feed timeline={accountTimeline(p.id, tab as ProfileTab)} context="account" label={t('Posts')} wait={pinned === null}
          before={pinned?.map(x => <div class="row" key={x}><Status id={x} pinned context="account" /></div>)} empty={<p>{t('No posts here yet.')}</p>} />}
  </>;
}

export function ProfileView({ params }: { params: Params }) {
  const acct = acctHere(params.acct!);
  const error = useSignal<unknown>(null);
  const p = findByAcct(acct);
  const load = (): void => {
    error.value = null;
    loadByAcct(acct).catch(e => { error.value = e; });
  };
  useEffect(load, [acct]);
  useTitle(p ? p.displayName || p.username : null);
  if (!p) return <Column>{error.value ? <Failed error={error.value} retry={load} /> : <ProfileBones />}</Column>;
  const veiled = p.limited && p.id !== current.value?.id && !unveiled.value.includes(p.id) && !wantRelationship(p.id).value?.following;
  return <Column>{veiled
    ? <Empty><h2>{t('Hidden by the moderators of this server')}</h2><p><bdi>{handle(p)}</bdi></p><Button onClick={() => { unveiled.value = [...unveiled.value, p.id]; }}>{t('Show anyway')}</Button></Empty>
    : <Shown person={p} tab={params.tab!} />}</Column>;
}
