// Search: people, posts and hashtags, here and, for an address, elsewhere.
import { useSignal } from '@preact/signals';
import { useEffect, useId, useLayoutEffect, useRef } from 'preact/hooks';
import type { mastodon } from 'masto';
import { Column } from '../app/shell.tsx';
import { usePane } from '../app/pane.ts';
import { api } from '../api/client.ts';
import { t } from '../i18n/index.ts';
import { TagRow } from '../explore/tag-row.tsx';
import { PersonRow } from '../people/follow.tsx';
import { Status, postPath } from '../status/status.tsx';
import { personPath } from '../store/handle.ts';
import { pages } from '../store/pages.ts';
import { person, putPerson } from '../store/people.ts';
import { post, putStatuses } from '../store/posts.ts';
import { Paged } from '../timeline/paged.tsx';
import { Empty, Failed, Tabs } from '../ui/bits.tsx';
import { PersonBones, PostBones, TagBones } from '../ui/bones.tsx';
import { Button, IconButton } from '../ui/button.tsx';
import { Icon } from '../ui/icon.tsx';
import { namesOne, operators, toggled } from './operators.ts';
import { forget, recent, remember } from './recent.ts';

type Sort = 'accounts' | 'hashtags' | 'statuses';
const SORTS: readonly string[] = ['accounts', 'hashtags', 'statuses'];
const address = (q: string, type = ''): string => `/search?q=${encodeURIComponent(q)}${type ? `&type=${type}` : ''}`;

// ---- before something is asked for ------------------------------------------------------------------------------

function Recent() {
  if (recent.value.length === 0) return null;
  return <section><div class="section-line"><h2 class="section-title">{t('Recent searches')}</h2><Button onClick={() => forget()}>{t('Clear')}</Button></div>
    <ul class="rows">{recent.value.map(q => <li key={q}><a href={address(q)}><Icon name="clock" /><span dir="auto">{q}</span></a><IconButton icon="close" label={t('Forget “{0}”', q)} onClick={() => forget(q)} /></li>)}</ul></section>;
}

function Operators({ use }: { use: (op: string) => void }) {
  return <details class="operators"><summary>{t('What a search for posts understands')}</summary>
    <ul>{operators.map(o => <li key={o.insert}><button type="button" class="chip" onClick={() => use(o.insert)}><code>{o.insert}</code></button> <span class="quiet">{t(o.text)}</span></li>)}</ul>
  </details>;
}

// ---- all of it, or one sort -------------------------------------------------------------------------------------

async function* byOffset<T>(q: string, type: Sort, of: (r: mastodon.v2.Search) => T[]): AsyncGenerator<T[], void> {
  for (let offset = 0; ;) {
    const page = of(await api.v2.search.list({ q, type, limit: 20, offset, resolve: offset === 0 }));
    if (page.length === 0) return;
    yield page;
    offset += page.length;
  }
}

async function* postsOf(q: string): AsyncGenerator<mastodon.v1.Status[], void> {
  for (let maxId: string | undefined; ;) {
    const page = (await api.v2.search.list({ q, type: 'statuses', limit: 20, maxId, resolve: maxId === undefined })).statuses;
    if (page.length === 0) return;
    yield page;
    maxId = page.at(-1)!.id;
  }
}

function Found({ id }: { id: string }) {
  const p = person(id);
  return p ? <PersonRow person={p} /> : null;
}

function Only({ q, type }: { q: string; type: Sort }) {
  const key = `search:${type}:${q}`, none = <p>{t('Nothing found.')}</p>;
  if (type === 'accounts') {
    const list = pages(key, () => byOffset(q, type, r => r.accounts), page => page.map(a => putPerson(a).id));
    return <Paged name={key} list={list} label={t('People')} keyOf={id => id} draw={id => <Found id={id} />} empty={none} />;
  }
  if (type === 'hashtags') {
    const list = pages(key, () => byOffset(q, type, r => r.hashtags), page => page);
    return <Paged name={key} list={list} label={t('Hashtags')} waits={TagBones} keyOf={h => h.name} draw={h => <TagRow tag={h} />} empty={none} />;
  }
  const list = pages(key, () => postsOf(q), putStatuses);
  return <Paged waits={PostBones} name={key} list={list} label={t('Posts')} keyOf={id => id} draw={id => <Status id={id} />} empty={none} />;
}

function Everything({ q }: { q: string }) {
  const found = useSignal<mastodon.v2.Search | null>(null), error = useSignal<unknown>(null), pane = usePane();
  const run = (): void => {
    found.value = null;
    error.value = null;
    api.v2.search.list({ q, resolve: true, limit: 8 }).then(r => {
      r.accounts.forEach(putPerson);
      putStatuses(r.statuses);
      if (pane.place.peek().query.get('q') !== q) return;
      const only = r.accounts.length + r.statuses.length === 1, one = post(r.statuses[0]?.id ?? '');
      if (namesOne(q) && only && !pane.pinned) pane.go(one ? postPath(one) : personPath(r.accounts[0]!), true);
      else found.value = r;
    }, e => { error.value = e; });
  };
  useEffect(run, [q]);
  const r = found.value;
  if (error.value) return <Failed error={error.value} retry={run} />;
  if (!r) return <PersonBones n={5} />;
  if (r.accounts.length + r.statuses.length + r.hashtags.length === 0)
    return <Empty><p>{t('Nothing found.')}</p><p>{t('People and posts elsewhere are found by their whole address, as @name@example.org or https://…')}</p></Empty>;
  const more = (type: Sort, n: number) => n >= 8 && <p class="section-more"><a href={address(q, type)} data-replace>{t('Show all')}</a></p>;
  return <>
    {r.accounts.length > 0 && <section><h2 class="section-title">{t('People')}</h2>{r.accounts.map(a => <PersonRow key={a.id} person={a} />)}{more('accounts', r.accounts.length)}</section>}
    {r.hashtags.length > 0 && <section><h2 class="section-title">{t('Hashtags')}</h2>{r.hashtags.map(h => <TagRow key={h.name} tag={h} />)}{more('hashtags', r.hashtags.length)}</section>}
    {r.statuses.length > 0 && <section><h2 class="section-title">{t('Posts')}</h2>{r.statuses.map(s => <div class="row" key={s.id}><Status id={s.id} /></div>)}{more('statuses', r.statuses.length)}</section>}
  </>;
}

export function SearchView() {
  const pane = usePane(), { query } = pane.place.value, q = (query.get('q') ?? '').trim(), type = query.get('type') ?? '', id = useId();
  const input = useRef<HTMLInputElement>(null);
  useLayoutEffect(() => {
    if (input.current) input.current.value = q;
    if (q !== '') remember(q);
    else if (!pane.pinned) input.current?.focus({ preventScroll: true });
  }, [q]);
  const submit = (e: Event): void => {
    e.preventDefault();
    const wanted = input.current!.value.trim();
    if (wanted !== '') pane.go(address(wanted, type), q !== '');
  };
  const use = (op: string): void => {
    input.current!.value = toggled(input.current!.value, op);
    input.current!.focus();
  };
  const tabs: [string, string][] = [['', t('All')], ['accounts', t('People')], ['statuses', t('Posts')], ['hashtags', t('Hashtags')]];
  return <Column>
    <form class="one-line" role="search" onSubmit={submit}>
      <label class="sr" for={id}>{t('Search')}</label>
      <input id={id} ref={input} name="q" type="search" dir="auto" maxLength={1000} placeholder={t('Name, hashtag, words or address')} data-first={q === '' && !pane.pinned ? '' : undefined} />
      <button type="submit" class="button main"><Icon name="search" /><span class="sr">{t('Search')}</span></button>
    </form>
    <Operators use={use} />
    {q === '' ? <Recent /> : <Tabs label={t('Search')} tabs={tabs.map(([key, text]) => ({ href: address(q, key), text, here: key === type }))} />}
    {q !== '' && (SORTS.includes(type) ? <Only key={`${type} ${q}`} q={q} type={type as Sort} /> : <Everything key={q} q={q} />)}
  </Column>;
}
