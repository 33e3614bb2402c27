// Who acts, what the server is and allows, and what waits: loaded once at start.
import { signal } from '@preact/signals';
import type { mastodon } from 'masto';
import { current, remember } from '../api/accounts.ts';
import { api, errorText } from '../api/client.ts';
import { type StreamEvent, subscribe } from '../api/stream.ts';
import { startChanges } from './changes.ts';
import { putPerson } from './people.ts';
import { reading } from './preferences.ts';

type Me = Awaited<ReturnType<typeof api.v1.accounts.verifyCredentials>>;

export const me = signal<Me | null>(null);
export const server = signal<mastodon.v2.Instance | null>(null);
export const emojis = signal<mastodon.v1.CustomEmoji[]>([]);
export const unread = signal(0);
export const lists = signal<mastodon.v1.List[]>([]);

export async function refreshUnread(): Promise<void> {
  try {
    unread.value = (await api.v1.notifications.unreadCount.fetch()).count;
  } catch (e) {
    errorText(e);
  }
}

function onEvent({ event }: StreamEvent): void {
  if (event === 'notification') unread.value++;
  else if (event === 'notifications_merged') void refreshUnread();
}

export async function loadMe(): Promise<void> {
  const login = current.value;
  if (!login) return;
  void api.v2.instance.fetch().then(i => { server.value = i; }, errorText);
  void api.v1.customEmojis.list().then(e => { emojis.value = e; }, errorText);
  void api.v1.lists.list().then(l => { lists.value = l; }, errorText);
  void api.v1.preferences.fetch().then(p => {
    reading.value = { autoplay: (p as { 'reading:autoplay:gifs'?: boolean })['reading:autoplay:gifs'] ?? false, spoilers: p['reading:expand:spoilers'], media: p['reading:expand:media'] };
  }, errorText);
  void refreshUnread();
  subscribe({ stream: 'user' }, onEvent, () => void refreshUnread(), true);
  startChanges();
  try {
    const a = await api.v1.accounts.verifyCredentials();
    me.value = a;
    putPerson(a);
    remember({ ...login, acct: a.acct, name: a.displayName || a.username, avatar: a.avatarStatic });
  } catch (e) {
    errorText(e);
  }
}
