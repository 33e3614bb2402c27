// A person: who they are, how you stand to each other, and what they post.
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { mastodon } from 'masto';
import { Column, useTitle } from '../app/shell.tsx';
import type { Params } from '../app/router.ts';
import { current } from '../api/accounts.ts';
import { api } from '../api/client.ts';
import { openComposer } from '../compose/open.tsx';
import { compact, day, t, tn, tx } from '../i18n/index.ts';
import { Status } from '../status/status.tsx';
import { type Person, block, findByAcct, follow, loadByAcct, mute, wantRelationship } from '../store/people.ts';
import { putStatuses } from '../store/posts.ts';
import { type ProfileTab, accountTimeline } from '../store/timelines.ts';
import { Feed } from '../timeline/feed.tsx';
import { Failed, Name, Spinner, Tabs, handle } from '../ui/bits.tsx';
import { confirm } from '../ui/dialog.tsx';
import { Emojified, Html } from '../ui/html.tsx';
import { Icon } from '../ui/icon.tsx';
import { MenuButton, type MenuItem } from '../ui/menu.tsx';
import { attempt, say } from '../ui/toast.tsx';
import { FollowButton } from './follow.tsx';

function menu(p: Person, r: mastodon.v1.Relationship | null): (MenuItem | null)[] {
  const at = `@${p.acct}`;
  return [
    { icon: 'reply', text: t('Mention {0}', at), run: () => void openComposer({ text: `${at} ` }) },
    { icon: 'copy', text: t('Copy link'), run: () => void attempt(async () => { await navigator.clipboard.writeText(p.url); say(t('Link copied')); }) },
    p.acct.includes('@') ? { icon: 'outside', text: t('Open on its own server'), run: () => void window.open(p.url, '_blank', 'noopener') } : null,
    r?.following ? { icon: 'boost', text: r.showingReblogs ? t('Hide boosts') : t('Show boosts'), run: () => void attempt(() => follow(p.id, true, { reblogs: !r.showingReblogs })) } : null,
    r?.following ? { icon: 'bell', text: r.notifying ? t('No notifications about new posts') : t('Notify me about new posts'), run: () => void attempt(() => follow(p.id, true, { notify: !r.notifying })) } : null,
    { icon: 'mute', text: r?.muting ? t('Unmute {0}', at) : t('Mute {0}', at), run: () => void attempt(() => mute(p.id, !r?.muting)) },
    { icon: 'block', text: r?.blocking ? t('Unblock {0}', at) : t('Block {0}', at), danger: true, run: () => void blockAsk(p, !r?.blocking) },
  ];
}

async function blockAsk(p: Person, on: boolean): Promise<void> {
  if (!on || await confirm(t('Block {0}?', `@${p.acct}`), t('You will not see each other any more, and a follow in either direction ends.'), t('Block')))
    await attempt(() => block(p.id, on));
}

function Fields({ person: p }: { person: Person }) {
  return <dl class="fields">
    {p.fields.map(f => <div class={f.verifiedAt ? 'verified' : ''}><dt dir="auto"><Emojified text={f.name} emojis={p.emojis} /></dt>
      <dd>{f.verifiedAt && <span class="check" title={t('Checked on {0}', day(f.verifiedAt))}><Icon name="check" /><span class="sr">{t('verified')}</span></span>}<Html html={f.value} emojis={p.emojis} /></dd></div>)}
    <div><dt>{t('Joined')}</dt><dd>{day(p.createdAt)}</dd></div>
  </dl>;
}

function Head({ person: p }: { person: Person }) {
  const r = wantRelationship(p.id).value, mine = p.id === current.value?.id;
  const path = `/@${p.acct}`;
  return <section class="profile" aria-label={t('Profile')}>
    <div class="banner">{p.header && !p.header.endsWith('/missing.png') && <img src={p.header} alt="" />}</div>
    <div class="profile-in">
      <div class="profile-top"><img class="face" src={p.avatar} alt="" width="96" height="96" />
        <div class="profile-buttons">{mine ? <a class="button" href="/settings">{t('Settings')}</a> : <><FollowButton person={p} /><MenuButton icon="more" label={t('More')} items={() => menu(p, r)} /></>}</div></div>
      <h2><Name person={p} /></h2>
      <p class="handle"><bdi>{handle(p)}</bdi> {p.locked && <Icon name="lock" />}{p.bot && <span class="tag">{t('Automated')}</span>}{p.roles?.map(x => <span class="tag">{x.name}</span>)}
        {r?.followedBy && <span class="tag">{t('Follows you')}</span>}{r?.muting && <span class="tag">{t('Muted')}</span>}</p>
      {p.moved && <p class="notice">{tx('This account has moved to {0}', <a href={`/@${p.moved.acct}`}><bdi>@{p.moved.acct}</bdi></a>)}</p>}
      {p.suspended && <p class="notice">{t('This account is suspended.')}</p>}
      <Html html={p.note} emojis={p.emojis} />
      <Fields person={p} />
      <p class="numbers"><span>{tn('{0} post', '{0} posts', p.statusesCount)}</span><a href={`${path}/following`}>{t('{0} following', compact(p.followingCount))}</a><a href={`${path}/followers`}>{tn('{0} follower', '{0} followers', p.followersCount)}</a></p>
    </div>
  </section>;
}

function Pinned({ id }: { id: string }) {
  const ids = useSignal<string[]>([]);
  useEffect(() => { void api.v1.accounts.$select(id).statuses.list({ pinned: true }).then(v => { ids.value = putStatuses(v as mastodon.v1.Status[]); }, () => undefined); }, [id]);
  return <>{ids.value.map(x => <div class="row" key={x}><Status id={x} pinned context="account" /></div>)}</>;
}

export function ProfileView({ params }: { params: Params }) {
  const acct = params.acct!.replace(new RegExp(`@${location.host}$`), ''), tab = params.tab as ProfileTab;
  const error = useSignal<unknown>(null);
  const p = findByAcct(acct);
  const load = (): void => {
    error.value = null;
    loadByAcct(acct).catch(e => { error.value = e; });
  };
  useEffect(load, [acct]);
  useTitle(p ? p.displayName || p.username : null);
  if (!p) return <Column>{error.value ? <Failed error={error.value} retry={load} /> : <Spinner />}</Column>;
  const path = `/@${p.acct}`;
  return <Column>
    <Head person={p} />
    <Tabs label={t('Posts')} tabs={[{ href: path, text: t('Posts'), here: tab === 'posts' }, { href: `${path}/with_replies`, text: t('With replies'), here: tab === 'replies' }, { href: `${path}/media`, text: t('Media'), here: tab === 'media' }]} />
    <Feed timeline={accountTimeline(p.id, tab)} context="account" label={t('Posts')} before={tab === 'posts' ? <Pinned id={p.id} /> : undefined} empty={<p>{t('No posts here yet.')}</p>} />
  </Column>;
}
