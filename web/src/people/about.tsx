// More about a person: fields, hashtags they feature, people they recommend, collections they have made.
import { useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useEffect } from 'preact/hooks';
import type { mastodon } from 'masto';
import { api, call } from '../api/client.ts';
import { day, t, tn } from '../i18n/index.ts';
import { type Person, putPerson } from '../store/people.ts';
import { Failed, Spinner } from '../ui/bits.tsx';
import { Emojified, Html } from '../ui/html.tsx';
import { Icon } from '../ui/icon.tsx';
import { PersonRow } from './follow.tsx';

export function Fields({ person: p }: { person: Person }) {
  return <dl class="fields">
    {p.fields.map(f => <div class={f.verifiedAt ? 'verified' : ''}><dt dir="auto"><Emojified text={f.name} emojis={p.emojis} /></dt>
      <dd>{f.verifiedAt && <span class="check" title={t('Checked on {0}', day(f.verifiedAt))}><Icon name="check" /><span class="sr">{t('verified')}</span></span>}<Html html={f.value} emojis={p.emojis} /></dd></div>)}
    <div><dt>{t('Joined')}</dt><dd>{day(p.createdAt)}</dd></div>
  </dl>;
}

interface Found {
  tags: mastodon.v1.FeaturedTag[];
  people: Person[];
  collections: mastodon.v1.Collection[];
}

async function find(id: string): Promise<Found> {
  const one = `/api/v1/accounts/${id}`;
  const [tags, people, { collections }] = await Promise.all([api.v1.accounts.$select(id).featuredTags.list(), call<Person[]>('GET', `${one}/endorsements`),
    call<{ collections: mastodon.v1.Collection[] }>('GET', `${one}/collections`)]);
  return { tags, people: people.map(putPerson), collections };
}

function Part({ title, children }: { title: string; children: ComponentChildren }) {
  return <section><h2 class="section-title">{title}</h2>{children}</section>;
}

export function About({ person: p }: { person: Person }) {
  const found = useSignal<Found | null>(null), error = useSignal<unknown>(null);
  const load = (): void => {
    error.value = null;
    find(p.id).then(f => { found.value = f; }, e => { error.value = e; });
  };
  useEffect(load, [p.id]);
  if (error.value) return <Failed error={error.value} retry={load} />;
  if (!found.value) return <Spinner />;
  const { tags, people, collections } = found.value;
  return <>
    <div class="pad"><Fields person={p} /></div>
    {tags.length > 0 && <Part title={t('Featured hashtags')}><ul class="rows">{tags.map(x => <li key={x.id}><a href={`/tags/${encodeURIComponent(x.name)}`}><b dir="auto">#{x.name}</b><span class="quiet">{tn('{0} post', '{0} posts', Number(x.statusesCount))}</span></a></li>)}</ul></Part>}
    {collections.length > 0 && <Part title={t('Collections')}><ul class="rows">{collections.map(c => <li key={c.id}><a href={`/collections/${c.id}`}><b dir="auto">{c.name}</b><span class="quiet">{tn('{0} person', '{0} people', c.itemCount)}</span></a></li>)}</ul></Part>}
    {people.length > 0 && <Part title={t('People they recommend')}>{people.map(x => <PersonRow person={x} key={x.id} />)}</Part>}
  </>;
}
