// One list: its name, which answers it shows, whether home leaves these people out, and who is on it.
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { mastodon } from 'masto';
import { Column, useTitle } from '../app/shell.tsx';
import { type Params, navigate } from '../app/router.ts';
import { api, call } from '../api/client.ts';
import { msg, t } from '../i18n/index.ts';
import { personPath } from '../store/handle.ts';
import { lists } from '../store/me.ts';
import { forgetPages, pages } from '../store/pages.ts';
import { type Person, person, putPerson } from '../store/people.ts';
import { Paged } from '../timeline/paged.tsx';
import { Avatar, Failed, Name, Spinner } from '../ui/bits.tsx';
import { Button } from '../ui/button.tsx';
import { confirm } from '../ui/dialog.tsx';
import { attempt, say } from '../ui/toast.tsx';

type List = mastodon.v1.List;
const replies: [List['repliesPolicy'], string][] = [['list', msg('To people on the list')], ['followed', msg('To anybody I follow')], ['none', msg('None')]];

const refresh = async (): Promise<void> => { lists.value = await api.v1.lists.list(); };

function Form({ list }: { list: List }) {
  const draft = useSignal(list);
  const set = (change: Partial<List>): void => { draft.value = { ...draft.peek(), ...change }; };
  const save = (e: Event): void => {
    e.preventDefault();
    const { title, repliesPolicy, exclusive } = draft.peek();
    void attempt(async () => {
      await call('PUT', `/api/v1/lists/${list.id}`, { title, replies_policy: repliesPolicy, exclusive });
      await refresh();
      say(t('Saved'));
    });
  };
  const destroy = async (): Promise<void> => {
    if (!await confirm(t('Delete the list “{0}”?', list.title), t('The people on it stay followed.'), t('Delete'))) return;
    if (await attempt(async () => { await api.v1.lists.$select(list.id).remove(); await refresh(); })) navigate('/lists', true);
  };
  return <form class="stack pad" onSubmit={save}>
    <label class="field"><span>{t('Name')}</span><input required maxLength={256} value={draft.value.title} onInput={e => set({ title: e.currentTarget.value })} /></label>
    <label class="field"><span>{t('Show answers')}</span><select value={draft.value.repliesPolicy} onChange={e => set({ repliesPolicy: e.currentTarget.value as List['repliesPolicy'] })}>{replies.map(([v, text]) => <option value={v}>{t(text)}</option>)}</select></label>
    <label class="tick"><input type="checkbox" checked={draft.value.exclusive} onChange={e => set({ exclusive: e.currentTarget.checked })} /><span>{t('Only on the list, not in home')}</span></label>
    <div class="actions"><Button type="submit" kind="main">{t('Save')}</Button><Button kind="danger" onClick={() => void destroy()}>{t('Delete')}</Button></div>
  </form>;
}

function Member({ person: p, on, change }: { person: Person; on: boolean; change: (p: Person, on: boolean) => void }) {
  return <div class="person-row"><a href={personPath(p)} class="who"><Avatar person={p} /><span><Name person={p} /><bdi class="handle">@{p.acct}</bdi></span></a>
    <Button onClick={() => change(p, !on)}>{on ? t('Remove') : t('Add')}</Button></div>;
}

function Members({ list }: { list: List }) {
  const key = `members:${list.id}`, members = api.v1.lists.$select(list.id).accounts, found = useSignal<Person[] | null>(null), text = useSignal('');
  const all = useSignal(pages(key, () => members.list({ limit: 40 }).values(), page => page.map(a => putPerson(a).id))).value;
  useEffect(() => () => forgetPages(key), []);
  const change = (p: Person, on: boolean): void => void attempt(async () => {
    await (on ? members.create({ accountIds: [p.id] }) : members.remove({ accountIds: [p.id] }));
    all.items.value = on ? [p.id, ...all.items.peek().filter(x => x !== p.id)] : all.items.peek().filter(x => x !== p.id);
  });
  const search = (e: Event): void => {
    e.preventDefault();
    void attempt(async () => { found.value = (await api.v1.accounts.search.list({ q: text.peek(), following: true, limit: 20 }) as Person[]).map(putPerson); });
  };
  return <section aria-labelledby="members">
    <h2 class="section-title" id="members">{t('People on it')}</h2>
    <form class="one-line" onSubmit={search}><label class="sr" for="member-search">{t('Search among the people you follow')}</label>
      <input id="member-search" type="search" value={text.value} placeholder={t('Search among the people you follow')} onInput={e => { text.value = e.currentTarget.value; if (!text.peek()) found.value = null; }} />
      <Button type="submit" disabled={text.value.trim() === ''}>{t('Search')}</Button></form>
    {found.value ? (found.value.length > 0 ? found.value.map(p => <Member person={p} on={all.items.value.includes(p.id)} change={change} key={p.id} />) : <p class="pad quiet">{t('Nobody you follow has that name.')}</p>)
      : <Paged name={key} list={all} label={t('People on it')} keyOf={id => id} empty={<p>{t('Nobody yet.')}</p>} draw={id => { const p = person(id); return p ? <Member person={p} on change={change} /> : null; }} />}
  </section>;
}

export function ListEditView({ params }: { params: Params }) {
  const list = useSignal<List | null>(null), error = useSignal<unknown>(null);
  const load = (): void => void api.v1.lists.$select(params.id!).fetch().then(l => { list.value = l; }, e => { error.value = e; });
  useEffect(load, [params.id]);
  useTitle(list.value?.title);
  if (!list.value) return <Column>{error.value ? <Failed error={error.value} retry={load} /> : <Spinner />}</Column>;
  return <Column><Form list={list.value} /><Members list={list.value} /></Column>;
}
