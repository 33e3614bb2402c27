// One row of the notifications: who did what, and to which post.
import type { ComponentChild } from 'preact';
import { msg, t, tn, tx } from '../i18n/index.ts';
import { Status } from '../status/status.tsx';
import { person } from '../store/people.ts';
import { post } from '../store/posts.ts';
import { Avatar, PersonLink, Time, personPath } from '../ui/bits.tsx';
import { Html } from '../ui/html.tsx';
import { Icon, type IconName } from '../ui/icon.tsx';
import { postPath } from '../status/status.tsx';

// A group of any kind; masto has a type for each.
export interface Group {
  groupKey: string;
  type: string;
  notificationsCount: number;
  mostRecentNotificationId: string | number;
  pageMinId?: string;
  latestPageNotificationAt?: string;
  sampleAccountIds: string[];
  statusId?: string | null;
}

// {0} stands for who did it.
const kinds: Record<string, { icon: IconName; text: string; whole?: boolean; tone?: string }> = {
  mention: { icon: 'reply', text: msg('{0} mentioned you'), whole: true },
  status: { icon: 'bell', text: msg('{0} posted'), whole: true },
  reblog: { icon: 'boost', text: msg('{0} boosted your post'), tone: 'boost' },
  favourite: { icon: 'star', text: msg('{0} favourited your post'), tone: 'favourite' },
  follow: { icon: 'person', text: msg('{0} follows you'), tone: 'follow' },
  follow_request: { icon: 'person', text: msg('{0} wants to follow you') },
  poll: { icon: 'poll', text: msg('A poll has ended') },
  update: { icon: 'pen', text: msg('{0} changed a post') },
  quote: { icon: 'quote', text: msg('{0} quoted you'), whole: true },
  quoted_update: { icon: 'pen', text: msg('{0} changed a post that you quoted') },
  'admin.sign_up': { icon: 'plus', text: msg('{0} signed up') },
  'admin.report': { icon: 'flag', text: msg('{0} sent a report') },
  severed_relationships: { icon: 'warning', text: msg('You lost connections because of a block') },
  added_to_collection: { icon: 'plus', text: msg('{0} put you into a collection') },
  collection_update: { icon: 'pen', text: msg('{0} changed a collection that you are in') },
  annual_report: { icon: 'clock', text: msg('Your year in review is ready') },
  moderation_warning: { icon: 'warning', text: msg('The moderators sent you a message') },
};

function Who({ group }: { group: Group }): ComponentChild {
  const first = person(group.sampleAccountIds[0] ?? ''), others = group.notificationsCount - 1;
  if (!first) return t('Somebody');
  return <><PersonLink person={first} />{others > 0 && ` ${tn('and {0} other', 'and {0} others', others)}`}</>;
}

function Excerpt({ id }: { id: string }) {
  const p = post(id);
  if (!p) return null;
  return <a class="excerpt" href={postPath(p)}>{p.spoilerText ? <p dir="auto">{p.spoilerText}</p> : <Html html={p.content} emojis={p.emojis} class="clamp" />}{p.mediaAttachments.length > 0 && <span class="quiet"><Icon name="image" /> {p.mediaAttachments[0]!.description || t('Media')}</span>}</a>;
}

export function GroupRow({ group }: { group: Group }) {
  const kind = kinds[group.type] ?? { icon: 'bell' as IconName, text: msg('Something happened') };
  const statusId = group.statusId;
  const people = group.sampleAccountIds.map(id => person(id)).filter(x => x !== undefined);
  return <div class={`notification ${kind.tone ?? ''}`}>
    <div class="notification-head">
      <span class="notification-icon"><Icon name={kind.icon} filled={kind.tone === 'favourite'} /></span>
      {!kind.whole && people.length > 0 && <span class="faces">{people.slice(0, 6).map(p => <a href={personPath(p)} tabIndex={-1} aria-hidden="true"><Avatar person={p} size={32} /></a>)}</span>}
      <p>{tx(kind.text, <Who group={group} />)} <span class="quiet">{group.latestPageNotificationAt && <Time iso={String(group.latestPageNotificationAt)} />}</span></p>
    </div>
    {statusId && (kind.whole ? <Status id={statusId} context="notifications" /> : <Excerpt id={statusId} />)}
  </div>;
}
