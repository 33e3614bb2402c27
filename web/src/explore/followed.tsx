// The hashtags one follows; another is added by its name.
import { signal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { Column } from '../app/shell.tsx';
import { api } from '../api/client.ts';
import { t } from '../i18n/index.ts';
import { forgetPages, pages } from '../store/pages.ts';
import { Paged } from '../timeline/paged.tsx';
import { TagBones } from '../ui/bones.tsx';
import { Button } from '../ui/button.tsx';
import { attempt } from '../ui/toast.tsx';
import { TagRow } from './tag-row.tsx';

const again = signal(0);

export function FollowedTagsView() {
  useEffect(() => () => forgetPages('followed-tags'), []);
  const key = `followed-tags:${again.value}`;
  const list = pages(key, () => api.v1.followedTags.list({ limit: 100 }).values(), page => page);
  const add = (e: SubmitEvent): void => {
    e.preventDefault();
    const form = e.currentTarget as HTMLFormElement, name = String(new FormData(form).get('tag')).trim().replace(/^#/, '');
    if (name === '') return;
    void attempt(async () => {
      await api.v1.tags.$select(name).follow();
      form.reset();
      again.value++;
    });
  };
  return <Column>
    <form class="one-line" onSubmit={add}><label class="sr" for="new-tag">{t('Hashtag')}</label><input id="new-tag" name="tag" dir="auto" autocapitalize="none" placeholder={t('Hashtag')} /><Button type="submit" kind="main">{t('Follow')}</Button></form>
    <Paged key={key} name={key} list={list} label={t('Followed hashtags')} waits={TagBones} keyOf={x => x.name} draw={x => <TagRow tag={{ ...x, following: true }} />} empty={<p>{t('You follow no hashtags yet. Their public posts would appear on your home.')}</p>} />
  </Column>;
}
