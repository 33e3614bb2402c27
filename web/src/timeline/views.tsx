// The timelines: home, local, federated, a hashtag, a list.
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { Column, useTitle } from '../app/shell.tsx';
import type { Params } from '../app/router.ts';
import { api } from '../api/client.ts';
import { InlineComposer } from '../compose/inline.tsx';
import { t } from '../i18n/index.ts';
import { lists } from '../store/me.ts';
import { home, listTimeline, publicTimeline, tagTimeline } from '../store/timelines.ts';
import { Button } from '../ui/button.tsx';
import { Tabs } from '../ui/bits.tsx';
import { attempt } from '../ui/toast.tsx';
import { Feed } from './feed.tsx';

export function HomeView() {
  return <Column>
    <Feed timeline={home()} context="home" label={t('Home')} before={<InlineComposer />}
      empty={<><h2>{t('Your home is empty')}</h2><p>{t('Follow people and hashtags, and what they post appears here, newest first.')}</p><p><a class="button main" href="/explore">{t('Explore')}</a></p></>} />
  </Column>;
}

export function PublicView({ params }: { params: Params }) {
  const local = params.local === 'true';
  return <Column>
    <Tabs label={t('Public timelines')} tabs={[{ href: '/public/local', text: t('Local'), here: local }, { href: '/public', text: t('Federated'), here: !local }]} />
    <Feed timeline={publicTimeline(local)} context="public" label={local ? t('Local') : t('Federated')} empty={<p>{t('Nothing has been posted yet.')}</p>} />
  </Column>;
}

function FollowTag({ name }: { name: string }) {
  const following = useSignal<boolean | null>(null);
  useEffect(() => { void api.v1.tags.$select(name).fetch().then(x => { following.value = x.following ?? false; }, () => undefined); }, [name]);
  if (following.value === null) return null;
  const toggle = (): void => void attempt(async () => {
    const one = api.v1.tags.$select(name);
    following.value = (following.peek() ? await one.unfollow() : await one.follow()).following ?? false;
  });
  return <Button kind={following.value ? 'plain' : 'main'} onClick={toggle}>{following.value ? t('Unfollow') : t('Follow')}</Button>;
}

export function TagView({ params }: { params: Params }) {
  const name = params.name!;
  useTitle(`#${name}`);
  return <Column actions={<FollowTag name={name} />}>
    <Feed timeline={tagTimeline(name)} context="public" label={`#${name}`} empty={<p>{t('No posts with this hashtag.')}</p>} />
  </Column>;
}

export function ListView({ params }: { params: Params }) {
  const found = lists.value.find(l => l.id === params.id);
  useTitle(found?.title);
  return <Column><Feed timeline={listTimeline(params.id!)} context="home" label={found?.title ?? t('List')} empty={<p>{t('Nobody of this list has posted yet.')}</p>} /></Column>;
}
