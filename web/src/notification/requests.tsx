// Who was put aside: accept or dismiss, one or many; and what one of them has sent.
import { signal, useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { mastodon } from 'masto';
import { Column, useTitle } from '../app/shell.tsx';
import { navigate } from '../app/router.ts';
import type { Params } from '../app/router.ts';
import { api, call } from '../api/client.ts';
import { t, tn } from '../i18n/index.ts';
import { Status } from '../status/status.tsx';
import { handle, personPath } from '../store/handle.ts';
import { forgetPages, pages } from '../store/pages.ts';
import { person, putPerson } from '../store/people.ts';
import { putStatus } from '../store/posts.ts';
import { Paged } from '../timeline/paged.tsx';
import { Avatar, Failed, Name, Time } from '../ui/bits.tsx';
import { PostBones } from '../ui/bones.tsx';
import { Button, IconButton } from '../ui/button.tsx';
import { plain } from '../ui/html.tsx';
import { say, attempt } from '../ui/toast.tsx';
import { kindOf } from './kinds.ts';
import { loadPolicy } from './policy.ts';
import { forgetNotifications } from './store.ts';

interface Row {
  id: string;
  account: string;
  count: number;
  last: string | null;
  text: string;
}

const done = signal<ReadonlySet<string>>(new Set());
const chosen = signal<ReadonlySet<string>>(new Set());

// What was accepted is put among the others by a job; the server says when.
async function merge(): Promise<void> {
  for (let i = 0; i < 20; i++) {
    if ((await api.v1.notifications.requests.merged.fetch()).merged) break;
    await new Promise(r => setTimeout(r, 500));
  }
  forgetNotifications();
}

async function answer(ids: string[], yes: boolean): Promise<void> {
  await call('POST', `/api/v1/notifications/requests/${yes ? 'accept' : 'dismiss'}`, { id: ids });
  done.value = new Set([...done.peek(), ...ids]);
  chosen.value = new Set([...chosen.peek()].filter(id => !ids.includes(id)));
  say(yes ? t('Their notifications are shown from now on.') : t('Dismissed.'));
  void loadPolicy();
  if (yes) void merge().catch(() => undefined);
}

const row = (r: mastodon.v1.NotificationRequest): Row => ({ id: r.id, account: putPerson(r.account).id, count: Number(r.notificationsCount),
  last: r.lastStatus ? putStatus(r.lastStatus) : null, text: r.lastStatus ? r.lastStatus.spoilerText || plain(r.lastStatus.content) : '' });

function Request({ row: r }: { row: Row }) {
  const p = person(r.account);
  if (!p || done.value.has(r.id)) return null;
  const pick = (): void => {
    const next = new Set(chosen.peek());
    if (!next.delete(r.id)) next.add(r.id);
    chosen.value = next;
  };
  return <div class="request">
    <input type="checkbox" checked={chosen.value.has(r.id)} onChange={pick} aria-label={t('Choose {0}', handle(p))} />
    <a class="who" href={`/notifications/requests/${r.id}`}><Avatar person={p} size={40} /><span><span><Name person={p} /> <span class="tag">{r.count}</span></span><bdi class="handle">@{p.acct}</bdi>{r.text && <span class="quiet clamp-1" dir="auto">{r.text}</span>}</span></a>
    <IconButton icon="check" label={t('Accept {0}', handle(p))} onClick={() => void attempt(() => answer([r.id], true))} />
    <IconButton icon="trash" label={t('Dismiss {0}', handle(p))} onClick={() => void attempt(() => answer([r.id], false))} />
  </div>;
}

export function RequestsView() {
  const list = pages('requests', () => api.v1.notifications.requests.list({ limit: 40 }).values(), page => page.map(row));
  useEffect(() => {
    done.value = new Set();
    chosen.value = new Set();
    return () => forgetPages('requests');
  }, []);
  const open = list.items.value.filter(r => !done.value.has(r.id)), picked = [...chosen.value];
  const all = (): void => { chosen.value = new Set(picked.length === open.length ? [] : open.map(r => r.id)); };
  return <Column actions={<IconButton icon="gear" label={t('Who may notify you')} onClick={() => navigate('/notifications/settings')} />}>
    {open.length > 0 && <div class="choose-line">
      <label><input type="checkbox" checked={picked.length === open.length} onChange={all} /> {picked.length > 0 ? tn('{0} chosen', '{0} chosen', picked.length) : t('Choose all')}</label>
      {picked.length > 0 && <><Button kind="main" onClick={() => void attempt(() => answer(picked, true))}>{t('Accept')}</Button><Button onClick={() => void attempt(() => answer(picked, false))}>{t('Dismiss')}</Button></>}
    </div>}
    <Paged name="requests" list={list} label={t('Filtered notifications')} keyOf={r => r.id} draw={r => <Request row={r} />} empty={<p>{t('Nobody is waiting.')}</p>} />
  </Column>;
}

// ---- one of them ------------------------------------------------------------------------------------------------

interface Sent {
  id: string;
  type: string;
  at: string;
  status: string | null;
}

function Sender({ request, account }: { request: string; account: string }) {
  const p = person(account)!, key = `requests:${request}`;
  const list = pages(key, () => api.v1.notifications.list({ limit: 30, accountId: account, includeFiltered: true } as mastodon.rest.v1.ListNotificationsParams).values(),
    page => page.map((n): Sent => ({ id: n.id, type: n.type, at: n.createdAt, status: 'status' in n && n.status ? putStatus(n.status) : null })));
  useTitle(p.displayName || p.username);
  const finish = (yes: boolean): void => void attempt(async () => {
    await answer([request], yes);
    navigate('/notifications/requests', true);
  });
  return <>
    <div class="choose-line"><a class="who" href={personPath(p)}><Avatar person={p} size={40} /><span><Name person={p} /><bdi class="handle">@{p.acct}</bdi></span></a>
      <Button kind="main" onClick={() => finish(true)}>{t('Accept')}</Button><Button onClick={() => finish(false)}>{t('Dismiss')}</Button></div>
    <Paged waits={PostBones} name={key} list={list} label={t('Notifications')} keyOf={n => n.id} empty={<p>{t('Nothing has happened yet.')}</p>}
      draw={n => (n.status && kindOf(n.type).whole ? <Status id={n.status} context="notifications" /> : <p class="pad">{t(kindOf(n.type).text, p.displayName || p.username)} <span class="quiet"><Time iso={n.at} /></span></p>)} />
  </>;
}

export function RequestView({ params }: { params: Params }) {
  const account = useSignal<string | null>(null), error = useSignal<unknown>(null), id = params.id!;
  const load = (): void => void api.v1.notifications.requests.$select(id).fetch().then(r => { account.value = putPerson(r.account).id; }, e => { error.value = e; });
  useEffect(load, [id]);
  return <Column>{account.value ? <Sender request={id} account={account.value} /> : error.value ? <Failed error={error.value} retry={load} /> : <PostBones />}</Column>;
}
