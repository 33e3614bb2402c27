// Bookmarks and favourites.
import { Column } from '../app/shell.tsx';
import { api } from '../api/client.ts';
import { t } from '../i18n/index.ts';
import { Status } from '../status/status.tsx';
import { pages } from '../store/pages.ts';
import { putStatuses } from '../store/posts.ts';
import { Paged } from './paged.tsx';

export function BookmarksView() {
  const list = pages('bookmarks', () => api.v1.bookmarks.list({ limit: 20 }).values(), putStatuses);
  return <Column><Paged name="bookmarks" list={list} label={t('Bookmarks')} keyOf={id => id} draw={id => <Status id={id} />} empty={<p>{t('What you bookmark is kept here. Nobody else sees it.')}</p>} /></Column>;
}

export function FavouritesView() {
  const list = pages('favourites', () => api.v1.favourites.list({ limit: 20 }).values(), putStatuses);
  return <Column><Paged name="favourites" list={list} label={t('Favourites')} keyOf={id => id} draw={id => <Status id={id} />} empty={<p>{t('Posts you favourite appear here.')}</p>} /></Column>;
}
