// What is talked about: posts, hashtags, links, people.
import { useSignal } from '@preact/signals';
import type { ComponentChild, ComponentType, VNode } from 'preact';
import { useEffect } from 'preact/hooks';
import type { mastodon } from 'masto';
import { Column, useTitle } from '../app/shell.tsx';
import { type Params, place } from '../app/router.ts';
import { api, call } from '../api/client.ts';
import { msg, t, tn } from '../i18n/index.ts';
import { PersonRow } from '../people/follow.tsx';
import { Card } from '../status/card.tsx';
import { Status } from '../status/status.tsx';
import { handle } from '../store/handle.ts';
import { putPerson } from '../store/people.ts';
import { pages } from '../store/pages.ts';
import { putStatuses } from '../store/posts.ts';
import { timeline } from '../store/timelines.ts';
import { Feed } from '../timeline/feed.tsx';
import { Paged } from '../timeline/paged.tsx';
import { Empty, Failed, Tabs } from '../ui/bits.tsx';
import { PersonBones, PostBones, TagBones, type Wait } from '../ui/bones.tsx';
import { IconButton } from '../ui/button.tsx';
import { Icon } from '../ui/icon.tsx';
import { attempt } from '../ui/toast.tsx';
import { uses } from './history.ts';
import { TagRow } from './tag-row.tsx';

const none = () => <Empty><p>{t('Nothing stands out at the moment.')}</p></Empty>;

function Posts() {
  const list = pages('trends', () => api.v1.trends.statuses.list({ limit: 20 }).values(), putStatuses);
  return <Paged waits={PostBones} name="trends" list={list} label={t('Posts')} keyOf={id => id} draw={id => <Status id={id} context="public" />} empty={<p>{t('Nothing stands out at the moment.')}</p>} />;
}

// Something that is loaded once when it is opened.
export function Loaded<T>({ load, draw, waits: Waits = TagBones }: { load: () => PromiseLike<T>; draw: (x: T) => ComponentChild; waits?: ComponentType<Wait> }) {
  const found = useSignal<{ x: T } | null>(null), error = useSignal<unknown>(null);
  const run = (): void => {
    error.value = null;
    load().then(x => { found.value = { x }; }, e => { error.value = e; });
  };
  useEffect(run, []);
  if (error.value) return <Failed error={error.value} retry={run} />;
  return found.value ? <>{draw(found.value.x)}</> : <Waits />;
}

function Link({ link }: { link: mastodon.v1.TrendLink }) {
  const n = uses(link.history);
  return <div class="trend-link"><Card card={link} sensitive={false} />
    <p><a href={`/explore/link?url=${encodeURIComponent(link.url)}`}><Icon name="reply" />{n > 0 ? tn('{0} post in two days', '{0} posts in two days', n) : t('Posts with this link')}</a></p></div>;
}

// ---- people -----------------------------------------------------------------------------------------------------

const reasons: Record<string, string> = {
  featured: msg('Recommended by this server'),
  most_followed: msg('Followed by many here'),
  most_interactions: msg('Talked with a lot here'),
  similar_to_recently_followed: msg('Like people you have followed lately'),
  friends_of_friends: msg('Followed by people you follow'),
};

function People({ first }: { first: readonly mastodon.v1.Suggestion[] }) {
  const list = useSignal(first);
  const dismiss = (id: string): void => void attempt(async () => {
    await call('DELETE', `/api/v1/suggestions/${id}`);
    list.value = list.peek().filter(s => s.account.id !== id);
  });
  if (list.value.length === 0) return <Empty><p>{t('Nobody to suggest at the moment.')}</p></Empty>;
  return <div>{list.value.map(s => <div class="suggestion" key={s.account.id}>
    <p class="quiet"><Icon name="people" />{s.sources.map(x => reasons[x]).filter(x => x !== undefined).map(x => t(x)).join(' · ')}</p>
    <PersonRow person={s.account} />
    <IconButton icon="close" label={t('Do not suggest {0}', handle(s.account))} onClick={() => dismiss(s.account.id)} />
  </div>)}</div>;
}

const others: Record<string, () => VNode> = {
  tags: () => <Loaded load={() => api.v1.trends.tags.list({ limit: 20 })} draw={x => (x.length === 0 ? none() : x.map(h => <TagRow key={h.name} tag={h as mastodon.v1.Tag} />))} />,
  links: () => <Loaded waits={PostBones} load={() => api.v1.trends.links.list({ limit: 20 })} draw={x => (x.length === 0 ? none() : x.map(l => <Link key={l.url} link={l as mastodon.v1.TrendLink} />))} />,
  people: () => <Loaded waits={PersonBones} load={async () => {
    const found = await api.v2.suggestions.list({ limit: 40 });
    found.forEach(s => putPerson(s.account));
    return found as mastodon.v1.Suggestion[];
  }} draw={x => <People first={x} />} />,
};

// What is one's own of the same sort.
const beside: Record<string, [string, string]> = { tags: ['/followed_tags', msg('Followed hashtags')], people: ['/collections', msg('Collections')] };

export function ExploreView({ params }: { params: Params }) {
  const tab = params.tab ?? 'posts', other = others[tab];
  const tabs: [string, string][] = [['posts', t('Posts')], ['tags', t('Hashtags')], ['links', t('Links')], ['people', t('People')]];
  return <Column>
    <Tabs label={t('Explore')} tabs={tabs.map(([key, text]) => ({ href: key === 'posts' ? '/explore' : `/explore/${key}`, text, here: key === tab }))} />
    {beside[tab] && <p class="link-line"><a href={beside[tab][0]}>{t(beside[tab][1])}</a></p>}
    {other ? <div key={tab}>{other()}</div> : <Posts />}
  </Column>;
}

// ---- posts with a link ------------------------------------------------------------------------------------------

// The server knows no timeline of a link that nobody has posted lately.
async function linked(page: { limit: number }, url: string): Promise<mastodon.v1.Status[]> {
  try {
    return await api.v1.timelines.link.list({ ...page, url });
  } catch (e) {
    if ((e as { statusCode?: number }).statusCode === 404) return [];
    throw e;
  }
}

export function LinkView() {
  const url = place.value.query.get('url') ?? '';
  useTitle(t('Posts with this link'));
  const posts = timeline({ key: `link:${url}`, fetch: p => linked(p, url) });
  return <Column>
    <p class="link-line"><Icon name="link" /> <a href={/^https?:/i.test(url) ? url : undefined} target="_blank" rel="nofollow noopener"><bdi>{url}</bdi></a></p>
    <Feed timeline={posts} context="public" label={t('Posts with this link')} empty={<p>{t('No public posts with this link.')}</p>} />
  </Column>;
}
