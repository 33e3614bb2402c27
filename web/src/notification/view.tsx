// What happened: grouped by the server, newest first, a tab for each sort.
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { Column } from '../app/shell.tsx';
import { navigate } from '../app/router.ts';
import { isWatched, toTop, usePane } from '../app/pane.ts';
import type { Params } from '../app/router.ts';
import { errorText } from '../api/client.ts';
import { subscribe } from '../api/stream.ts';
import { t, tn } from '../i18n/index.ts';
import { Button } from '../ui/button.tsx';
import { Empty, Failed, Tabs } from '../ui/bits.tsx';
import { NoticeBones } from '../ui/bones.tsx';
import { confirm } from '../ui/dialog.tsx';
import { Icon } from '../ui/icon.tsx';
import { MenuButton } from '../ui/menu.tsx';
import { attempt } from '../ui/toast.tsx';
import { WindowList } from '../ui/window-list.tsx';
import { GroupRow } from './group.tsx';
import { tabs } from './kinds.ts';
import { loadPolicy, policy } from './policy.ts';
import { clearAll, loadMark, notifications, seen } from './store.ts';

async function clear(): Promise<void> {
  if (await confirm(t('Clear all notifications?'), t('They are removed for good. Posts and follows stay.'), t('Clear all'))) await attempt(clearAll);
}

// How many wait for consent.
function Filtered() {
  const n = policy.value?.summary.pendingRequestsCount ?? 0;
  if (n === 0) return null;
  return <a class="filtered-line" href="/notifications/requests"><Icon name="filter" /><span><b>{t('Filtered notifications')}</b><span class="quiet">{tn('{0} person you may know', '{0} people you may know', n)}</span></span><Icon name="next" /></a>;
}

export function NotificationsView({ params }: { params: Params }) {
  const tab = tabs.find(x => x.key === (params.tab ?? '')) ?? tabs[0]!, list = notifications(tab), ready = useSignal(false), pane = usePane();
  useEffect(() => {
    const look = async (): Promise<void> => {
      await list.refresh();
      await seen(list);
    };
    void loadMark().then(look).catch(errorText).finally(() => { ready.value = true; });
    void loadPolicy().catch(errorText);
    return subscribe({ stream: 'user' }, ({ event }) => {
      if (event === 'notifications_merged') void look().catch(errorText);
      if (event !== 'notification') return;
      if (isWatched(pane)) void look().catch(errorText);
      else list.waiting.value++;
    }, () => void look().catch(errorText), true);
  }, [tab.key]);
  const groups = list.groups.value, state = list.state.value, loads = state === 'loading' || state === 'new';
  const offer = (): void => void attempt(async () => {
    await list.refresh();
    toTop(pane);
    await seen(list);
  });
  return <Column actions={<MenuButton icon="more" label={t('More')} items={() => [
    { icon: 'filter', text: t('Who may notify you'), run: () => navigate('/notifications/settings') },
    { icon: 'trash', text: t('Clear all'), danger: true, run: () => void clear() },
  ]} />}>
    <Tabs label={t('Notifications')} tabs={tabs.map(x => ({ href: x.key ? `/notifications/${x.key}` : '/notifications', text: t(x.text), here: x === tab }))} />
    {list.waiting.value > 0 && <div class="offer" role="status"><Button onClick={offer}>{t('Show new notifications')}</Button></div>}
    {tab.key === '' && <Filtered />}
    <WindowList key={tab.key} list={`notifications:${tab.key}`} items={groups} label={t('Notifications')} busy={loads} keyOf={g => g.groupKey} draw={g => <GroupRow group={g} />} onEnd={() => { if (list.state.peek() === 'ready') void list.older(); }} />
    {loads && <NoticeBones n={groups.length > 0 ? 2 : undefined} />}
    {state === 'failed' && <Failed error={list.error.value} retry={() => void list.older()} />}
    {state === 'end' && (groups.length === 0 ? <Empty><p>{tab.key === '' ? t('Nothing has happened yet. When somebody answers, follows or boosts you, it stands here.') : t('Nothing of this sort.')}</p></Empty> : <p class="end">{t('That is all.')}</p>)}
  </Column>;
}
