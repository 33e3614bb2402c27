// The notifications of each tab, and how far they were read when the view was opened.
import { type Signal, signal } from '@preact/signals';
import type { mastodon } from 'masto';
import { api, errorText } from '../api/client.ts';
import { tellMark } from '../store/mark.ts';
import { refreshUnread } from '../store/me.ts';
import { putPerson } from '../store/people.ts';
import { putStatuses } from '../store/posts.ts';
import { needs } from '../store/shelf.ts';
import { type Group, type Tab, merged, newestOf } from './kinds.ts';

type Results = mastodon.v1.GroupedNotificationsResults;

export function take(r: Results): Group[] {
  for (const a of r.accounts) putPerson(a);
  putStatuses(r.statuses);
  return r.notificationGroups as unknown as Group[];
}

// What was dismissed while a page is on its way.
interface Underway {
  all: boolean;
  keys: Set<string>;
}

export class Notifications {
  readonly groups: Signal<Group[]> = signal([]);
  readonly state: Signal<'new' | 'loading' | 'ready' | 'end' | 'failed'> = signal('new');
  readonly error: Signal<unknown> = signal(null);
  readonly waiting: Signal<number> = signal(0);

  constructor(readonly tab: Tab) {}

  private underway = new Set<Underway>();

  // A page that was asked for before rows were dismissed may still have them.
  private async fetch(maxId?: string): Promise<Group[]> {
    const mine: Underway = { all: false, keys: new Set() };
    this.underway.add(mine);
    try {
      const page = take(await api.v2.notifications.list({ limit: 30, maxId, types: this.tab.types as mastodon.v1.NotificationGroupType[] | undefined }));
      return page.filter(g => !mine.all && !mine.keys.has(g.groupKey));
    } finally {
      this.underway.delete(mine);
    }
  }

  async older(): Promise<void> {
    if (this.state.peek() === 'loading' || this.state.peek() === 'end') return;
    this.state.value = 'loading';
    try {
      const found = await this.fetch(this.groups.peek().at(-1)?.pageMinId);
      const have = new Set(this.groups.peek().map(g => g.groupKey));
      this.groups.value = [...this.groups.peek(), ...found.filter(g => !have.has(g.groupKey))];
      this.state.value = found.length === 0 ? 'end' : 'ready';
    } catch (e) {
      this.error.value = e;
      this.state.value = 'failed';
    }
  }

  async refresh(): Promise<void> {
    if (this.state.peek() === 'new') return this.older();
    const page = await this.fetch();
    this.groups.value = merged(this.groups.peek(), page);
    this.waiting.value = 0;
  }

  drop(key: string): void {
    for (const u of this.underway) u.keys.add(key);
    this.groups.value = this.groups.peek().filter(g => g.groupKey !== key);
  }

  empty(): void {
    for (const u of this.underway) u.all = true;
    this.groups.value = [];
    this.state.value = 'end';
  }
}

const all = new Map<string, Notifications>();

needs(function* () {
  for (const n of all.values())
    for (const g of n.groups.peek()) {
      yield* g.sampleAccountIds;
      if (g.statusId) yield g.statusId;
    }
});

export function notifications(tab: Tab): Notifications {
  let found = all.get(tab.key);
  if (!found) all.set(tab.key, found = new Notifications(tab));
  return found;
}

// ---- read until here --------------------------------------------------------------------------------------------

export const mark = signal<string | null>(null);

// What was read before now; what is newer is marked as new while the view is open.
export async function loadMark(): Promise<void> {
  try {
    mark.value = (await api.v1.markers.fetch({ timeline: ['notifications'] })).notifications?.lastReadId ?? '0';
  } catch (e) {
    errorText(e);
  }
}

// Everything there is has been seen, also for other devices.
export async function seen(list: Notifications): Promise<void> {
  const first = list.groups.peek()[0], newest = first && newestOf(first);
  if (newest === undefined || list.tab.types) return;
  try {
    await tellMark('notifications', newest);
    await refreshUnread();
  } catch (e) {
    errorText(e);
  }
}

export async function clearAll(): Promise<void> {
  await api.v1.notifications.clear();
  for (const n of all.values()) n.empty();
  await refreshUnread();
}

export async function dismiss(g: Group): Promise<void> {
  await api.v2.notifications.$select(g.groupKey).dismiss();
  for (const n of all.values()) n.drop(g.groupKey);
}

// Consent and policy change what there is.
export function forgetNotifications(): void {
  all.clear();
}
