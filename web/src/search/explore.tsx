// What is talked about: posts, hashtags, links, people.
import { Column } from '../app/shell.tsx';
import type { Params } from '../app/router.ts';
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { mastodon } from 'masto';
import { api } from '../api/client.ts';
import { t, tn } from '../i18n/index.ts';
import { PersonRow } from '../people/follow.tsx';
import { Card } from '../status/card.tsx';
import { Status } from '../status/status.tsx';
import { putPerson } from '../store/people.ts';
import { pages } from '../store/pages.ts';
import { putStatuses } from '../store/posts.ts';
import { Paged } from '../timeline/paged.tsx';
import { Empty, Failed, Spinner, Tabs } from '../ui/bits.tsx';
import { Icon } from '../ui/icon.tsx';

function Posts() {
  const list = pages('trends', () => api.v1.trends.statuses.list({ limit: 20 }).values(), putStatuses);
  return <Paged name="trends" list={list} label={t('Posts')} keyOf={id => id} draw={id => <Status id={id} context="public" />} empty={<p>{t('Nothing stands out at the moment.')}</p>} />;
}

const uses = (h: readonly { uses: string }[] | null | undefined): number => (h ?? []).slice(0, 2).reduce((n, d) => n + Number(d.uses), 0);

type Loaded = { tags: mastodon.v1.Tag[] } | { links: mastodon.v1.TrendLink[] } | { people: mastodon.v1.Suggestion[] };

const loaders: Record<string, () => Promise<Loaded>> = {
  tags: async () => ({ tags: await api.v1.trends.tags.list({ limit: 20 }) as mastodon.v1.Tag[] }),
  links: async () => ({ links: await api.v1.trends.links.list({ limit: 20 }) as mastodon.v1.TrendLink[] }),
  people: async () => ({ people: await api.v2.suggestions.list({ limit: 40 }) as mastodon.v1.Suggestion[] }),
};

function Others({ tab }: { tab: string }) {
  const found = useSignal<Loaded | null>(null), error = useSignal<unknown>(null);
  const load = (): void => {
    error.value = null;
    loaders[tab]!().then(x => {
      if ('people' in x) x.people.forEach(s => putPerson(s.account));
      found.value = x;
    }, e => { error.value = e; });
  };
  useEffect(load, [tab]);
  const x = found.value;
  if (error.value) return <Failed error={error.value} retry={load} />;
  if (!x) return <Spinner />;
  const none = <Empty><p>{t('Nothing stands out at the moment.')}</p></Empty>;
  if ('tags' in x) return x.tags.length === 0 ? none : <ul class="rows">{x.tags.map(h => <li><a href={`/tags/${encodeURIComponent(h.name)}`}><Icon name="hash" /><b>{h.name}</b><span class="quiet">{tn('{0} post in two days', '{0} posts in two days', uses(h.history))}</span></a></li>)}</ul>;
  if ('links' in x) return x.links.length === 0 ? none : <div class="pad">{x.links.map(l => <Card card={l} sensitive={false} />)}</div>;
  return x.people.length === 0 ? none : <div>{x.people.map(s => <PersonRow key={s.account.id} person={s.account} />)}</div>;
}

export function ExploreView({ params }: { params: Params }) {
  const tab = params.tab ?? 'posts';
  const tabs: [string, string][] = [['posts', t('Posts')], ['tags', t('Hashtags')], ['links', t('Links')], ['people', t('People')]];
  return <Column>
    <Tabs label={t('Explore')} tabs={tabs.map(([key, text]) => ({ href: key === 'posts' ? '/explore' : `/explore/${key}`, text, here: key === tab }))} />
    {tab in loaders ? <Others key={tab} tab={tab} /> : <Posts />}
  </Column>;
}
