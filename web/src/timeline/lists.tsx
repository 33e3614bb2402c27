// One's lists: make, rename, remove.
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { mastodon } from 'masto';
import { Column } from '../app/shell.tsx';
import { api } from '../api/client.ts';
import { t } from '../i18n/index.ts';
import { lists } from '../store/me.ts';
import { Button, IconButton } from '../ui/button.tsx';
import { Empty } from '../ui/bits.tsx';
import { confirm } from '../ui/dialog.tsx';
import { Icon } from '../ui/icon.tsx';
import { attempt } from '../ui/toast.tsx';

const reload = async (): Promise<void> => { lists.value = await api.v1.lists.list(); };

async function destroy(l: mastodon.v1.List): Promise<void> {
  if (await confirm(t('Delete the list “{0}”?', l.title), t('The people on it stay followed.'), t('Delete')))
    await attempt(async () => {
      await api.v1.lists.$select(l.id).remove();
      await reload();
    });
}

export function ListsView() {
  const title = useSignal('');
  useEffect(() => { void attempt(reload); }, []);
  const create = (e: Event): void => {
    e.preventDefault();
    void attempt(async () => {
      await api.v1.lists.create({ title: title.peek() });
      title.value = '';
      await reload();
    });
  };
  return <Column>
    <form class="one-line" onSubmit={create}>
      <label class="sr" for="new-list">{t('Name of the new list')}</label>
      <input id="new-list" value={title.value} placeholder={t('Name of the new list')} onInput={e => { title.value = e.currentTarget.value; }} />
      <Button type="submit" kind="main" disabled={title.value.trim() === ''}>{t('Create')}</Button>
    </form>
    {lists.value.length === 0 ? <Empty><p>{t('You have no lists yet. A list is a timeline of the people you put on it.')}</p></Empty>
      : <ul class="rows">{lists.value.map(l => <li key={l.id}><a href={`/lists/${l.id}`}><Icon name="list" /><b dir="auto">{l.title}</b></a><a class="icon-button" href={`/lists/${l.id}/edit`} title={t('Edit the list “{0}”', l.title)}><Icon name="gear" /><span class="sr">{t('Edit the list “{0}”', l.title)}</span></a><IconButton icon="trash" label={t('Delete the list “{0}”', l.title)} onClick={() => void destroy(l)} /></li>)}</ul>}
  </Column>;
}
