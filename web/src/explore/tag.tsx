// The page of a hashtag: follow it, and look at it together with others or without them.
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { Column, useTitle } from '../app/shell.tsx';
import { usePane } from '../app/pane.ts';
import type { Params } from '../app/router.ts';
import { api } from '../api/client.ts';
import { t } from '../i18n/index.ts';
import { tagTimeline } from '../store/timelines.ts';
import { Button } from '../ui/button.tsx';
import { Icon } from '../ui/icon.tsx';
import { Feed } from '../timeline/feed.tsx';
import { FollowTag } from './tag-row.tsx';
import { type Mix, address, mixOf, names } from './tags.ts';

function Head({ name }: { name: string }) {
  const following = useSignal<boolean | null>(null);
  useEffect(() => { void api.v1.tags.$select(name).fetch().then(x => { following.value = x.following ?? false; }, () => undefined); }, [name]);
  return following.value === null ? null : <FollowTag key={name} name={name} following={following.value} />;
}

function Others({ name, mix }: { name: string; mix: Mix }) {
  const { go } = usePane();
  const used = mix.any.length + mix.all.length + mix.none.length > 0;
  const submit = (e: SubmitEvent): void => {
    e.preventDefault();
    const form = new FormData(e.currentTarget as HTMLFormElement), of = (key: string): string[] => names(String(form.get(key) ?? ''));
    go(address(name, { any: of('any'), all: of('all'), none: of('none') }), true);
  };
  const field = (key: keyof Mix, text: string) => <label>{text}<input name={key} dir="auto" defaultValue={mix[key].join(' ')} autocapitalize="none" /></label>;
  return <details class="operators" open={used}><summary><Icon name="filter" /> {t('With other hashtags')}</summary>
    <form class="tag-mix" onSubmit={submit}>
      {field('any', t('Or one of these'))}{field('all', t('And all of these'))}{field('none', t('But none of these'))}
      <div class="actions"><Button type="submit" kind="main">{t('Show')}</Button>{used && <Button onClick={() => go(address(name, { any: [], all: [], none: [] }), true)}>{t('Clear')}</Button>}</div>
    </form>
  </details>;
}

export function TagView({ params }: { params: Params }) {
  const name = params.name!, place = usePane().place.value, mix = mixOf(place.query);
  useTitle(`#${name}`);
  return <Column actions={<Head name={name} />}>
    <Others key={place.key} name={name} mix={mix} />
    <Feed key={place.key} timeline={tagTimeline(name, mix)} context="public" label={`#${name}`} empty={<p>{t('No posts with this hashtag.')}</p>} />
  </Column>;
}
