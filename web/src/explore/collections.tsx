// Collections: people somebody recommends together.  One's own, and one of anybody.
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { mastodon } from 'masto';
import { Column, useTitle } from '../app/shell.tsx';
import { type Params, navigate } from '../app/router.ts';
import { current } from '../api/accounts.ts';
import { api, call } from '../api/client.ts';
import { t, tn, tx } from '../i18n/index.ts';
import { PersonRow } from '../people/follow.tsx';
import { handle } from '../store/handle.ts';
import { type Person, follow, person, putPerson } from '../store/people.ts';
import { Empty, Failed, PersonLink, Spinner } from '../ui/bits.tsx';
import { Button, IconButton } from '../ui/button.tsx';
import { Dialog, confirm, show } from '../ui/dialog.tsx';
import { Html } from '../ui/html.tsx';
import { Icon } from '../ui/icon.tsx';
import { attempt, say } from '../ui/toast.tsx';

type Collection = mastodon.v1.Collection;

function Edit({ collection: c, onSaved, onClose }: { collection?: Collection; onSaved: (c: Collection) => void; onClose: () => void }) {
  const submit = (e: SubmitEvent): void => {
    e.preventDefault();
    const form = new FormData(e.currentTarget as HTMLFormElement);
    const body = { name: String(form.get('name')).trim(), description: String(form.get('description')), discoverable: form.has('discoverable'), sensitive: form.has('sensitive') };
    void attempt(async () => {
      onSaved((c ? await api.v1.collections.$select(c.id).update(body) : await api.v1.collections.create(body)).collection);
      onClose();
    });
  };
  const text = c ? new DOMParser().parseFromString(c.description, 'text/html').body.textContent ?? '' : '';
  return <Dialog title={c ? t('Change the collection') : t('New collection')} onClose={onClose}>
    <form class="tag-mix" onSubmit={submit}>
      <label>{t('Name')}<input name="name" dir="auto" required maxLength={40} defaultValue={c?.name} /></label>
      <label>{t('Description')}<textarea name="description" dir="auto" rows={3} maxLength={100} defaultValue={text} /></label>
      <label class="check"><input type="checkbox" name="discoverable" defaultChecked={c?.discoverable ?? true} /> {t('May be found by others')}</label>
      <label class="check"><input type="checkbox" name="sensitive" defaultChecked={c?.sensitive ?? false} /> {t('Sensitive')}</label>
      <div class="actions"><Button type="submit" kind="main">{t('Save')}</Button><Button onClick={onClose}>{t('Cancel')}</Button></div>
    </form>
  </Dialog>;
}

function Row({ collection: c }: { collection: Collection }) {
  return <li><a href={`/collections/${c.id}`}><Icon name="people" /><b dir="auto">{c.name}</b><span class="quiet">{tn('{0} person', '{0} people', c.itemCount)}</span></a></li>;
}

export function CollectionsView() {
  const own = useSignal<Collection[] | null>(null), within = useSignal<Collection[]>([]), error = useSignal<unknown>(null), me = current.value!.id;
  const load = (): void => {
    error.value = null;
    call<mastodon.v1.Collections>('GET', `/api/v1/accounts/${me}/collections?limit=80`).then(x => { own.value = x.collections; }, e => { error.value = e; });
    call<mastodon.v1.Collections>('GET', `/api/v1/accounts/${me}/in_collections?limit=80`).then(x => { within.value = x.collections; }, () => undefined);
  };
  useEffect(load, []);
  const create = (): void => show(close => <Edit onClose={close} onSaved={c => navigate(`/collections/${c.id}`)} />);
  return <Column actions={<Button kind="main" onClick={create}><Icon name="plus" />{t('New')}</Button>}>
    {error.value ? <Failed error={error.value} retry={load} /> : !own.value ? <Spinner /> : own.value.length === 0
      ? <Empty><p>{t('You have no collections yet. A collection is a group of people you recommend; others see it on your profile and can follow them all.')}</p></Empty>
      : <ul class="rows">{own.value.map(c => <Row key={c.id} collection={c} />)}</ul>}
    {within.value.length > 0 && <section><h2 class="section-title">{t('Collections you are in')}</h2><ul class="rows">{within.value.map(c => <Row key={c.id} collection={c} />)}</ul></section>}
  </Column>;
}

// ---- one of them ------------------------------------------------------------------------------------------------

// Somebody to put in: those who can be are people one knows.
function Add({ onAdd, onClose, has }: { onAdd: (p: Person) => void; onClose: () => void; has: (id: string) => boolean }) {
  const found = useSignal<Person[]>([]);
  const look = (q: string): void => {
    if (q.trim() === '') found.value = [];
    else void api.v1.accounts.search.list({ q, limit: 8, resolve: q.includes('@') }).then(l => { found.value = l.map(putPerson); }, () => undefined);
  };
  return <Dialog title={t('Add people')} onClose={onClose}>
    <label class="sr" for="add-person">{t('Name')}</label>
    <div class="one-line"><input id="add-person" dir="auto" placeholder={t('Name')} autoFocus onInput={e => look(e.currentTarget.value)} /></div>
    <p class="quiet">{t('Only people who want to be found can be added.')}</p>
    <ul class="rows">{found.value.filter(p => !has(p.id)).map(p => <li key={p.id}><button type="button" class="who pad" onClick={() => onAdd(p)}><img class="avatar" src={p.avatarStatic} alt="" width="40" height="40" /><span><bdi class="name">{p.displayName || p.username}</bdi><bdi class="handle">@{p.acct}</bdi></span></button></li>)}</ul>
  </Dialog>;
}

function Members({ collection: c, reload }: { collection: Collection; reload: () => void }) {
  const mine = c.accountId === current.value?.id, me = current.value?.id;
  const out = (item: string, revoke: boolean): void => void attempt(async () => {
    const one = api.v1.collections.$select(c.id).items.$select(item);
    await (revoke ? one.revoke() : one.remove());
    reload();
  });
  return <div>{c.items.map(i => {
    const p = i.accountId ? person(i.accountId) : undefined;
    if (!p) return null;
    return <div class="suggestion" key={i.id}>
      <PersonRow person={p} />
      {mine && i.state === 'pending' && <span class="tag">{t('Has not agreed yet')}</span>}
      {mine && <IconButton icon="close" label={t('Take {0} out', handle(p))} onClick={() => out(i.id, false)} />}
      {!mine && p.id === me && <Button onClick={() => out(i.id, true)}>{t('Leave')}</Button>}
    </div>;
  })}</div>;
}

export function CollectionView({ params }: { params: Params }) {
  const id = params.id!, found = useSignal<Collection | null>(null), error = useSignal<unknown>(null), c = found.value;
  const load = (): void => void api.v1.collections.$select(id).fetch().then(async r => {
    r.accounts.forEach(putPerson);
    if (!r.accounts.some(a => a.id === r.collection.accountId) && !person(r.collection.accountId)) putPerson(await api.v1.accounts.$select(r.collection.accountId).fetch());
    found.value = r.collection;
  }, e => { error.value = e; });
  useEffect(load, [id]);
  useTitle(c?.name);
  if (!c) return <Column>{error.value ? <Failed error={error.value} retry={load} /> : <Spinner />}</Column>;
  const mine = c.accountId === current.value?.id, by = person(c.accountId);
  const remove = async (): Promise<void> => {
    if (!await confirm(t('Delete this collection?'), t('The people in it stay followed by those who follow them.'), t('Delete'))) return;
    await api.v1.collections.$select(id).remove();
    navigate('/collections', true);
  };
  const all = (): void => void attempt(async () => {
    for (const i of c.items) if (i.accountId && i.accountId !== current.value?.id) await follow(i.accountId, true);
    say(t('You follow all of them.'));
  });
  const add = (): void => show(close => <Add onClose={close} has={p => c.items.some(i => i.accountId === p)} onAdd={p => void attempt(async () => {
    await api.v1.collections.$select(id).items.create({ accountId: p.id });
    close();
    load();
  })} />);
  return <Column>
    <div class="pad collection-head">
      {by && <p class="quiet">{tx('By {0}', <PersonLink person={by} />)}</p>}
      {c.description && <Html html={c.description} />}
      <p>{c.tag && <a class="tag" href={`/tags/${encodeURIComponent(c.tag.name)}`}>#{c.tag.name}</a>} <span class="quiet">{tn('{0} person', '{0} people', c.itemCount)}</span></p>
      <div class="row-actions">{c.items.length > 0 && <Button kind={mine ? 'plain' : 'main'} onClick={all}>{t('Follow all')}</Button>}
        {mine && <><Button kind="main" onClick={add}>{t('Add people')}</Button><Button onClick={() => show(close => <Edit collection={c} onClose={close} onSaved={load} />)}>{t('Change')}</Button><Button kind="danger" onClick={() => void attempt(remove)}>{t('Delete')}</Button></>}</div>
    </div>
    {c.items.length === 0 ? <Empty><p>{t('Nobody is in it yet.')}</p></Empty> : <Members collection={c} reload={load} />}
  </Column>;
}
