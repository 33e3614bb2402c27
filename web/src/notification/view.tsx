// What happened: grouped by the server, newest first.
import { signal, useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { mastodon } from 'masto';
import { Column } from '../app/shell.tsx';
import { api, errorText } from '../api/client.ts';
import { subscribe } from '../api/stream.ts';
import { t } from '../i18n/index.ts';
import { refreshUnread } from '../store/me.ts';
import { putPerson } from '../store/people.ts';
import { putStatuses } from '../store/posts.ts';
import { Button } from '../ui/button.tsx';
import { Empty, Failed, Spinner } from '../ui/bits.tsx';
import { WindowList } from '../ui/window-list.tsx';
import { type Group, GroupRow } from './group.tsx';

const groups = signal<Group[]>([]);
const state = signal<'new' | 'loading' | 'ready' | 'end' | 'failed'>('new');
const error = signal<unknown>(null);
const waiting = signal(0);

function take(r: mastodon.v1.GroupedNotificationsResults): Group[] {
  for (const a of r.accounts) putPerson(a);
  putStatuses(r.statuses);
  return r.notificationGroups as unknown as Group[];
}

async function older(): Promise<void> {
  if (state.peek() === 'loading' || state.peek() === 'end') return;
  state.value = 'loading';
  try {
    const found = take(await api.v2.notifications.list({ limit: 30, maxId: groups.peek().at(-1)?.pageMinId ?? undefined }));
    const have = new Set(groups.peek().map(g => g.groupKey));
    groups.value = [...groups.peek(), ...found.filter(g => !have.has(g.groupKey))];
    state.value = found.length === 0 ? 'end' : 'ready';
  } catch (e) {
    error.value = e;
    state.value = 'failed';
  }
}

// The newest page stands on top, in place of what it says anew; the marker moves, also for other devices.
async function refresh(): Promise<void> {
  const found = take(await api.v2.notifications.list({ limit: 30 }));
  const keys = new Set(found.map(g => g.groupKey));
  groups.value = [...found, ...groups.peek().filter(g => !keys.has(g.groupKey))];
  waiting.value = 0;
  await seen();
}

async function seen(): Promise<void> {
  const newest = groups.peek()[0]?.mostRecentNotificationId;
  if (newest === undefined) return;
  try {
    await api.v1.markers.create({ notifications: { lastReadId: String(newest) } });
    await refreshUnread();
  } catch (e) {
    errorText(e);
  }
}

export function NotificationsView() {
  const shown = useSignal(false);
  useEffect(() => {
    void (state.peek() === 'new' ? older().then(seen) : refresh()).catch(errorText).finally(() => { shown.value = true; });
    return subscribe({ stream: 'user' }, ({ event }) => {
      if (event !== 'notification') return;
      if (scrollY < 200 && document.visibilityState === 'visible') void refresh().catch(errorText);
      else waiting.value++;
    }, () => void refresh().catch(errorText));
  }, []);
  return <Column>
    {waiting.value > 0 && <div class="offer" role="status"><Button onClick={() => void refresh().then(() => scrollTo(0, 0))}>{t('Show new notifications')}</Button></div>}
    <WindowList list="notifications" items={groups.value} label={t('Notifications')} keyOf={g => g.groupKey} draw={g => <GroupRow group={g} />} onEnd={() => { if (state.peek() === 'ready') void older(); }} />
    {(state.value === 'loading' || state.value === 'new') && <Spinner />}
    {state.value === 'failed' && <Failed error={error.value} retry={() => void older()} />}
    {state.value === 'end' && (groups.value.length === 0 ? <Empty><p>{t('Nothing has happened yet. When somebody answers, follows or boosts you, it stands here.')}</p></Empty> : <p class="end">{t('That is all.')}</p>)}
  </Column>;
}
