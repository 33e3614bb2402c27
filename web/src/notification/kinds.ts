// What notifications there are: how each looks, what it says, and which tab shows it.
import { msg } from '../i18n/index.ts';
import type { IconName } from '../ui/icon.tsx';

// A group of any kind; masto has a type for each.
export interface Group {
  groupKey: string;
  type: string;
  notificationsCount: number;
  mostRecentNotificationId: string | number;
  pageMinId?: string;
  pageMaxId?: string;
  latestPageNotificationAt?: string;
  sampleAccountIds: string[];
  statusId?: string | null;
  event?: { type: string; targetName: string; followersCount: number; followingCount: number };
  report?: { category: string; comment: string; statusIds?: string[] | null; targetAccount: { id: string; acct: string; username: string; displayName: string } };
  collection?: { id: string; name: string; accountId: string };
  moderationWarning?: { action: string; text: string };
  annualReport?: { year: number | string };
  fallback?: { title: string; summary?: string | null };
}

export interface Kind {
  icon: IconName;
  text: string; // {0} stands for who did it
  whole?: boolean; // the post is shown as in a timeline
  tone?: 'boost' | 'favourite' | 'follow' | 'warning';
  silent?: boolean; // nobody did it: no faces
}

export const kinds: Record<string, Kind> = {
  mention: { icon: 'reply', text: msg('{0} mentioned you'), whole: true },
  status: { icon: 'bell', text: msg('{0} posted'), whole: true },
  reblog: { icon: 'boost', text: msg('{0} boosted your post'), tone: 'boost' },
  favourite: { icon: 'star', text: msg('{0} favourited your post'), tone: 'favourite' },
  follow: { icon: 'person', text: msg('{0} follows you'), tone: 'follow' },
  follow_request: { icon: 'person', text: msg('{0} wants to follow you'), tone: 'follow' },
  poll: { icon: 'poll', text: msg('A poll has ended'), silent: true },
  update: { icon: 'pen', text: msg('{0} changed a post') },
  quote: { icon: 'quote', text: msg('{0} quoted you'), whole: true },
  quoted_update: { icon: 'pen', text: msg('{0} changed a post that you quoted') },
  reaction: { icon: 'smile', text: msg('{0} reacted to your post') },
  'admin.sign_up': { icon: 'plus', text: msg('{0} signed up') },
  'admin.report': { icon: 'flag', text: msg('{0} sent a report'), tone: 'warning' },
  severed_relationships: { icon: 'warning', text: msg('You lost connections because of a block'), tone: 'warning', silent: true },
  added_to_collection: { icon: 'plus', text: msg('{0} put you into a collection') },
  collection_update: { icon: 'pen', text: msg('{0} changed a collection that you are in') },
  annual_report: { icon: 'clock', text: msg('Your year in review is ready'), silent: true },
  moderation_warning: { icon: 'warning', text: msg('The moderators sent you a message'), tone: 'warning', silent: true },
};

export interface Tab {
  key: string;
  text: string;
  types?: string[]; // absent: all
}

export const tabs: Tab[] = [
  { key: '', text: msg('All') },
  { key: 'mentions', text: msg('Mentions'), types: ['mention', 'quote'] },
  { key: 'boosts', text: msg('Boosts'), types: ['reblog', 'quoted_update'] },
  { key: 'favourites', text: msg('Favourites'), types: ['favourite', 'reaction'] },
  { key: 'follows', text: msg('Follows'), types: ['follow', 'follow_request'] },
  { key: 'posts', text: msg('New posts'), types: ['status', 'update', 'poll'] },
  { key: 'other', text: msg('Other'), types: ['severed_relationships', 'moderation_warning', 'added_to_collection', 'collection_update', 'annual_report', 'admin.sign_up', 'admin.report'] },
];

export const kindOf = (type: string): Kind => kinds[type] ?? { icon: 'bell', text: msg('Something happened') };

// The newest page over what is there: its groups stand first, each once.
export function merged(list: readonly Group[], page: readonly Group[]): Group[] {
  const keys = new Set(page.map(g => g.groupKey));
  return [...page, ...list.filter(g => !keys.has(g.groupKey))];
}

// The newest of it.  A number of JSON is too small for our ids, a text is not.
export const newestOf = (g: Group): string => g.pageMaxId ?? String(g.mostRecentNotificationId);

export function isNew(g: Group, mark: string | null): boolean {
  return mark !== null && BigInt(newestOf(g)) > BigInt(mark);
}
