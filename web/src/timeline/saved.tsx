// Bookmarks, in folders, and favourites.
import { signal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { Column, useTitle } from '../app/shell.tsx';
import { usePane } from '../app/pane.ts';
import type { Params } from '../app/router.ts';
import { api, call, errorText } from '../api/client.ts';
import { t } from '../i18n/index.ts';
import { Status } from '../status/status.tsx';
import { forgetPages, pages } from '../store/pages.ts';
import { putStatuses } from '../store/posts.ts';
import { Tabs } from '../ui/bits.tsx';
import { PostBones } from '../ui/bones.tsx';
import { Button } from '../ui/button.tsx';
import { Dialog, confirm, show } from '../ui/dialog.tsx';
import { MenuButton, type MenuItem } from '../ui/menu.tsx';
import { attempt, say } from '../ui/toast.tsx';
import { Paged } from './paged.tsx';

interface Folder {
  id: string;
  title: string;
  statusesCount: number;
}

const folders = signal<Folder[]>([]);

async function loadFolders(): Promise<void> {
  folders.value = await call<Folder[]>('GET', '/api/v1/bookmark_folders');
}

function Name({ title, value = '', save, onClose }: { title: string; value?: string; save: (name: string) => Promise<unknown>; onClose: () => void }) {
  const submit = (e: SubmitEvent): void => {
    e.preventDefault();
    const name = String(new FormData(e.currentTarget as HTMLFormElement).get('name')).trim();
    void attempt(async () => {
      await save(name);
      await loadFolders();
      onClose();
    });
  };
  return <Dialog title={title} onClose={onClose} class="small"><form class="one-line" onSubmit={submit}>
    <label class="sr" for="folder-name">{t('Name of the folder')}</label><input id="folder-name" name="name" dir="auto" required maxLength={100} defaultValue={value} placeholder={t('Name of the folder')} /><Button type="submit" kind="main">{t('Save')}</Button>
  </form></Dialog>;
}

const create = (then?: (f: Folder) => void): void => show(close => <Name title={t('New folder')} onClose={close} save={async title => {
  const made = await call<Folder>('POST', '/api/v1/bookmark_folders', { title });
  then?.(made);
}} />);

const put = (folder: Folder, id: string): void => void attempt(async () => {
  await call('POST', `/api/v1/bookmark_folders/${folder.id}/statuses`, { status_ids: [id] });
  forgetPages('bookmarks:');
  say(t('Put into “{0}”.', folder.title));
});

async function destroy(f: Folder, go: (href: string, replace?: boolean) => void): Promise<void> {
  if (!await confirm(t('Delete the folder “{0}”?', f.title), t('The bookmarks in it stay.'), t('Delete'))) return;
  await call('DELETE', `/api/v1/bookmark_folders/${f.id}`);
  await loadFolders();
  go('/bookmarks', true);
}

export function BookmarksView({ params }: { params: Params }) {
  const here = folders.value.find(f => f.id === params.folder), key = `bookmarks:${params.folder ?? ''}`, pane = usePane();
  useEffect(() => { void loadFolders().catch(errorText); }, []);
  useTitle(here?.title);
  const query = params.folder ? { limit: 20, folderId: params.folder } : { limit: 20 };
  const list = pages(key, () => api.v1.bookmarks.list(query).values(), putStatuses);
  const out = (id: string): void => void attempt(async () => {
    await call('DELETE', `/api/v1/bookmark_folders/${params.folder}/statuses`, { status_ids: [id] });
    list.items.value = list.items.peek().filter(x => x !== id);
  });
  const items = (id: string): (MenuItem | null)[] => [
    ...folders.value.filter(f => f !== here).map((f): MenuItem => ({ icon: 'list', text: f.title, run: () => put(f, id) })),
    { icon: 'plus', text: t('New folder'), run: () => create(f => put(f, id)) },
    here ? { icon: 'close', text: t('Take out of the folder'), run: () => out(id) } : null,
  ];
  const head = (): (MenuItem | null)[] => [
    { icon: 'plus', text: t('New folder'), run: () => create() },
    here ? { icon: 'pen', text: t('Rename'), run: () => show(close => <Name title={t('Rename')} value={here.title} onClose={close} save={title => call('PUT', `/api/v1/bookmark_folders/${here.id}`, { title })} />) } : null,
    here ? { icon: 'trash', text: t('Delete'), danger: true, run: () => void attempt(() => destroy(here, pane.go)) } : null,
  ];
  return <Column actions={<MenuButton icon="more" label={t('Folders')} items={head} />}>
    {folders.value.length > 0 && <Tabs label={t('Folders')} tabs={[{ href: '/bookmarks', text: t('All'), here: !params.folder }, ...folders.value.map(f => ({ href: `/bookmarks/${f.id}`, text: f.title, here: f === here }))]} />}
    <Paged waits={PostBones} key={key} name={key} list={list} label={t('Bookmarks')} keyOf={id => id} draw={id => <div class="bookmark"><Status id={id} /><span class="bookmark-folder"><MenuButton icon="list" label={t('Put into a folder')} items={() => items(id)} /></span></div>}
      empty={<p>{params.folder ? t('Nothing is in this folder.') : t('What you bookmark is kept here. Nobody else sees it.')}</p>} />
  </Column>;
}

export function FavouritesView() {
  const list = pages('favourites', () => api.v1.favourites.list({ limit: 20 }).values(), putStatuses);
  return <Column><Paged waits={PostBones} name="favourites" list={list} label={t('Favourites')} keyOf={id => id} draw={id => <Status id={id} />} empty={<p>{t('Posts you favourite appear here.')}</p>} /></Column>;
}
