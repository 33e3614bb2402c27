// The timelines: home, local, federated, a list.
import { Column, useTitle } from '../app/shell.tsx';
import type { Params } from '../app/router.ts';
import { Announcements, LateAnnouncements, useAnnouncements } from '../explore/announcements.tsx';
import { InlineComposer } from '../compose/inline.tsx';
import { t } from '../i18n/index.ts';
import { lists } from '../store/me.ts';
import { home, listTimeline, publicTimeline } from '../store/timelines.ts';
import { Tabs } from '../ui/bits.tsx';
import { Feed } from './feed.tsx';

export function HomeView() {
  const wait = useAnnouncements();
  return <Column actions={<LateAnnouncements />}>
    <Feed timeline={home()} context="home" label={t('Home')} top={<InlineComposer />} before={<Announcements />} wait={wait}
      empty={<><h2>{t('Your home is empty')}</h2><p>{t('Follow people and hashtags, and what they post appears here, newest first.')}</p><p><a class="button main" href="/start">{t('First steps')}</a> <a class="button" href="/explore">{t('Explore')}</a></p></>} />
  </Column>;
}

export function PublicView({ params }: { params: Params }) {
  const local = params.local === 'true';
  return <Column>
    <Tabs label={t('Public timelines')} tabs={[{ href: '/public/local', text: t('Local'), here: local }, { href: '/public', text: t('Federated'), here: !local }]} />
    <Feed timeline={publicTimeline(local)} context="public" label={local ? t('Local') : t('Federated')} empty={<p>{t('Nothing has been posted yet.')}</p>} />
  </Column>;
}

export function ListView({ params }: { params: Params }) {
  const found = lists.value.find(l => l.id === params.id);
  useTitle(found?.title);
  return <Column><Feed timeline={listTimeline(params.id!)} context="home" label={found?.title ?? t('List')} empty={<p>{t('Nobody of this list has posted yet.')}</p>} /></Column>;
}
