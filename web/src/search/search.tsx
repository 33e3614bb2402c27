// Search: people, posts and hashtags, here and, for an address, elsewhere.
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { mastodon } from 'masto';
import { Column } from '../app/shell.tsx';
import { navigate, place } from '../app/router.ts';
import { api } from '../api/client.ts';
import { t } from '../i18n/index.ts';
import { PersonRow } from '../people/follow.tsx';
import { Status } from '../status/status.tsx';
import { putPerson } from '../store/people.ts';
import { putStatuses } from '../store/posts.ts';
import { Empty, Failed, Spinner } from '../ui/bits.tsx';
import { Icon } from '../ui/icon.tsx';

export function SearchView() {
  const q = place.value.query.get('q') ?? '';
  const found = useSignal<mastodon.v2.Search | null>(null);
  const error = useSignal<unknown>(null);
  const run = (): void => {
    found.value = null;
    error.value = null;
    if (q === '') return;
    api.v2.search.list({ q, resolve: true, limit: 20 }).then(r => {
      r.accounts.forEach(putPerson);
      putStatuses(r.statuses);
      if (place.peek().query.get('q') === q) found.value = r;
    }, e => { error.value = e; });
  };
  useEffect(run, [q]);
  const r = found.value;
  return <Column>
    <form class="one-line" role="search" onSubmit={e => { e.preventDefault(); navigate(`/search?q=${encodeURIComponent(new FormData(e.currentTarget).get('q') as string)}`, q !== ''); }}>
      <label class="sr" for="search">{t('Search')}</label>
      <input id="search" name="q" type="search" dir="auto" defaultValue={q} placeholder={t('Name, hashtag, words or address')} autoFocus={q === ''} />
      <button type="submit" class="button main"><Icon name="search" /><span class="sr">{t('Search')}</span></button>
    </form>
    {error.value ? <Failed error={error.value} retry={run} /> : q !== '' && !r ? <Spinner /> : null}
    {r && r.accounts.length + r.statuses.length + r.hashtags.length === 0 && <Empty><p>{t('Nothing found.')}</p></Empty>}
    {r && r.accounts.length > 0 && <section><h2 class="section-title">{t('People')}</h2>{r.accounts.map(a => <PersonRow key={a.id} person={a} />)}</section>}
    {r && r.hashtags.length > 0 && <section><h2 class="section-title">{t('Hashtags')}</h2><ul class="rows">{r.hashtags.map(h => <li><a href={`/tags/${encodeURIComponent(h.name)}`}><Icon name="hash" /><b>{h.name}</b></a></li>)}</ul></section>}
    {r && r.statuses.length > 0 && <section><h2 class="section-title">{t('Posts')}</h2>{r.statuses.map(s => <div class="row" key={s.id}><Status id={s.id} /></div>)}</section>}
  </Column>;
}
