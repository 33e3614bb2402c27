// First steps: the address, the profile, topics and people to follow with the reason for each, the first post.
import { useSignal } from '@preact/signals';
import type { mastodon } from 'masto';
import { Column } from '../app/shell.tsx';
import { current } from '../api/accounts.ts';
import { api } from '../api/client.ts';
import { openComposer } from '../compose/open.tsx';
import { msg, t, tx } from '../i18n/index.ts';
import { PersonRow } from '../people/follow.tsx';
import { putPerson } from '../store/people.ts';
import { Button } from '../ui/button.tsx';
import { attempt } from '../ui/toast.tsx';
import { Loaded, Section } from './parts.tsx';

const reasons: Record<string, string> = {
  featured: msg('Recommended by this server'), most_followed: msg('Followed by many here'), most_interactions: msg('Talked about a lot here'),
  similar_to_recently_followed: msg('Like people you follow'), friends_of_friends: msg('Followed by people you follow'),
};

function Topic({ tag }: { tag: mastodon.v1.Tag }) {
  const on = useSignal(tag.following ?? false);
  const toggle = (): void => void attempt(async () => {
    const one = api.v1.tags.$select(encodeURIComponent(tag.name));
    on.value = (on.peek() ? await one.unfollow() : await one.follow()).following ?? false;
  });
  return <button type="button" class="button" aria-pressed={on.value} onClick={toggle}>{on.value ? '✓ ' : ''}#{tag.name}</button>;
}

function Suggested({ one }: { one: mastodon.v1.Suggestion }) {
  const why = reasons[one.sources?.[0] ?? ''];
  return <li class="suggested">{why && <p class="quiet">{t(why)}</p>}<PersonRow person={putPerson(one.account)} /></li>;
}

export function StartView() {
  return <Column>
    <Section title={t('Your address')}><p>{tx('You are {0}. People on any server find you by this address, and you find them by theirs.', <b><bdi>@{current.value?.acct}@{location.host}</bdi></b>)}</p></Section>
    <Section title={t('Your profile')}><p>{t('A picture and a few words tell people who follows them.')}</p><a class="button" href="/settings/profile">{t('Edit profile')}</a></Section>
    <Section title={t('Topics')}><p>{t('Follow a hashtag and its public posts come to you.')}</p>
      <Loaded load={async () => await api.v1.trends.tags.list({ limit: 12 }) as mastodon.v1.Tag[]} draw={tags => <div class="chips">{tags.map(x => <Topic tag={x} key={x.name} />)}<a class="button" href="/followed_tags">{t('Another hashtag')}</a></div>} /></Section>
    <Section title={t('People to follow')}>
      <Loaded load={async () => await api.v2.suggestions.list({ limit: 10 })} draw={list => <ul class="plain-list">{list.map(s => <Suggested one={s} key={s.account.id} />)}</ul>} />
      <p><a href="/directory">{t('Look into the directory')}</a></p></Section>
    <Section title={t('Your first post')}><p>{t('Say hello. Many write #introduction and what they care about.')}</p><Button kind="main" onClick={() => void openComposer({ text: '#introduction ' })}>{t('Write it')}</Button></Section>
  </Column>;
}
