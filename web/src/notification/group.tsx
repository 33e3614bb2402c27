// One row of the notifications: who did what, and to which post.
import { useSignal } from '@preact/signals';
import type { ComponentChild } from 'preact';
import { useEffect } from 'preact/hooks';
import { api } from '../api/client.ts';
import { compact, msg, t, tn, tx } from '../i18n/index.ts';
import { PersonRow } from '../people/follow.tsx';
import { Status, postPath } from '../status/status.tsx';
import { personPath } from '../store/handle.ts';
import { type Person, person, putPerson } from '../store/people.ts';
import { post } from '../store/posts.ts';
import { Avatar, PersonLink, Time } from '../ui/bits.tsx';
import { PersonBones } from '../ui/bones.tsx';
import { Button, IconButton } from '../ui/button.tsx';
import { Dialog, show } from '../ui/dialog.tsx';
import { Emojified, Html, plain } from '../ui/html.tsx';
import { Icon } from '../ui/icon.tsx';
import { attempt } from '../ui/toast.tsx';
import { type Group, isNew, kindOf } from './kinds.ts';
import { dismiss, mark } from './store.ts';

// Everybody of a group.
function Everybody({ group, onClose }: { group: Group; onClose: () => void }) {
  const found = useSignal<Person[] | null>(null);
  useEffect(() => void attempt(async () => { found.value = (await api.v2.notifications.$select(group.groupKey).accounts.fetch()).map(putPerson); }), []);
  return <Dialog title={tx(kindOf(group.type).text, tn('{0} person', '{0} people', group.notificationsCount)).join('')} onClose={onClose}>
    {found.value ? found.value.map(p => <PersonRow key={p.id} person={p} />) : <PersonBones n={Math.min(5, group.notificationsCount)} />}
  </Dialog>;
}

function Who({ group }: { group: Group }): ComponentChild {
  const first = person(group.sampleAccountIds[0] ?? ''), others = group.notificationsCount - 1;
  if (!first) return t('Somebody');
  return <><PersonLink person={first} />{others > 0 && <> <button type="button" class="link" onClick={() => show(close => <Everybody group={group} onClose={close} />)}>{tn('and {0} other', 'and {0} others', others)}</button></>}</>;
}

function Excerpt({ id }: { id: string }) {
  const p = post(id);
  if (!p) return null;
  const media = p.mediaAttachments[0];
  return <a class="excerpt" href={postPath(p)}>
    {p.spoilerText ? <p dir="auto">{p.spoilerText}</p> : <p class="clamp" dir="auto"><Emojified text={plain(p.content)} emojis={p.emojis} /></p>}
    {media && <span class="quiet"><Icon name="image" /> {media.description || t('Media')}</span>}
  </a>;
}

// ---- what some kinds say beside -----------------------------------------------------------------------------------

function Request({ id }: { id: string }) {
  const answer = useSignal<'' | 'yes' | 'no'>('');
  const say = (yes: boolean): void => void attempt(async () => {
    const one = api.v1.followRequests.$select(id);
    await (yes ? one.authorize() : one.reject());
    answer.value = yes ? 'yes' : 'no';
  });
  if (answer.value) return <p class="notification-more quiet" role="status">{answer.value === 'yes' ? t('Accepted') : t('Rejected')}</p>;
  return <div class="notification-more row-actions"><Button kind="main" onClick={() => say(true)}>{t('Accept')}</Button><Button onClick={() => say(false)}>{t('Reject')}</Button></div>;
}

const severed: Record<string, string> = {
  domain_block: msg('The moderators blocked {0}.'),
  user_domain_block: msg('You blocked {0}.'),
  account_suspension: msg('The moderators suspended {0}.'),
};

const warnings: Record<string, string> = {
  none: msg('A warning, without consequences for your account.'),
  disable: msg('Your account has been disabled.'),
  mark_statuses_as_sensitive: msg('Some of your posts have been marked as sensitive.'),
  delete_statuses: msg('Some of your posts have been removed.'),
  sensitive: msg('Your posts are marked as sensitive from now on.'),
  silence: msg('Your account has been limited.'),
  suspend: msg('Your account has been suspended.'),
};

const categories: Record<string, string> = { spam: msg('Spam'), legal: msg('Illegal content'), violation: msg('Against the rules'), other: msg('Something else') };

function More({ group: g }: { group: Group }) {
  if (g.type === 'follow_request' && g.sampleAccountIds[0]) return <Request id={g.sampleAccountIds[0]} />;
  if (g.event) return <p class="notification-more quiet">{tx(severed[g.event.type] ?? severed.domain_block!, <bdi>{g.event.targetName}</bdi>)} {tn('{0} follower lost,', '{0} followers lost,', g.event.followersCount)} {tn('{0} whom you followed.', '{0} whom you followed.', g.event.followingCount)}</p>;
  if (g.moderationWarning) return <p class="notification-more"><span class="quiet">{t(warnings[g.moderationWarning.action] ?? warnings.none!)}</span>{g.moderationWarning.text && <span dir="auto" class="pre"> {g.moderationWarning.text}</span>}</p>;
  if (g.report) return <div class="notification-more"><p><span class="tag">{t(categories[g.report.category] ?? categories.other!)}</span> {tx('about {0}', <a href={personPath(g.report.targetAccount)}><bdi>@{g.report.targetAccount.acct}</bdi></a>)} {(g.report.statusIds?.length ?? 0) > 0 && <span class="quiet">{tn('{0} post', '{0} posts', g.report.statusIds!.length)}</span>}</p>{g.report.comment && <p dir="auto" class="quiet clamp">{g.report.comment}</p>}</div>;
  if (g.collection) return <p class="notification-more"><a href={`/collections/${g.collection.id}`}><Icon name="people" /> <bdi>{g.collection.name}</bdi></a></p>;
  if (g.type === 'annual_report') return <p class="notification-more"><a href={`/annual_report/${g.annualReport?.year ?? ''}`}>{t('Look at it')}</a></p>;
  if (g.fallback) return <p class="notification-more quiet">{g.fallback.summary}</p>;
  return null;
}

export function GroupRow({ group }: { group: Group }) {
  const kind = kindOf(group.type), statusId = group.statusId;
  const people = group.sampleAccountIds.map(id => person(id)).filter(x => x !== undefined);
  const only = people.length === 1 && group.type === 'follow' ? people[0] : undefined;
  return <div class={`notification ${kind.tone ?? ''} ${isNew(group, mark.value) ? 'new' : ''}`}>
    <div class="notification-head">
      <span class="notification-icon"><Icon name={kind.icon} filled={kind.tone === 'favourite'} /></span>
      {!kind.whole && !kind.silent && people.length > 0 && <span class="faces">{people.slice(0, 6).map(p => <a key={p.id} href={personPath(p)} tabIndex={-1} aria-hidden="true"><Avatar person={p} size={32} /></a>)}{group.notificationsCount > 6 && <span class="tag">+{compact(group.notificationsCount - 6)}</span>}</span>}
      <p>{isNew(group, mark.value) && <span class="sr">{t('New')}: </span>}{tx(kind.text, <Who group={group} />)} <span class="quiet">{group.latestPageNotificationAt && <Time iso={String(group.latestPageNotificationAt)} />}</span></p>
      <IconButton icon="close" label={t('Dismiss')} class="notification-dismiss" onClick={() => void attempt(() => dismiss(group))} />
    </div>
    {only?.note && <Html html={only.note} emojis={only.emojis} class="clamp notification-more quiet" />}
    <More group={group} />
    {statusId && (kind.whole ? <Status id={statusId} context="notifications" /> : <Excerpt id={statusId} />)}
  </div>;
}

