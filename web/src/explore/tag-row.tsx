// A hashtag as a row: how much it was used on the last days, and whether one follows it.
import { useSignal } from '@preact/signals';
import type { mastodon } from 'masto';
import { api } from '../api/client.ts';
import { t, tn } from '../i18n/index.ts';
import { Button } from '../ui/button.tsx';
import { Icon } from '../ui/icon.tsx';
import { attempt } from '../ui/toast.tsx';
import { points, uses } from './history.ts';

export function Spark({ history }: { history: readonly mastodon.v1.TagHistory[] | null | undefined }) {
  const line = points(history);
  return line === '' ? null : <svg class="spark" viewBox="0 0 60 24" aria-hidden="true"><polyline points={line} /></svg>;
}

export function FollowTag({ name, following: first, small = false }: { name: string; following: boolean; small?: boolean }) {
  const following = useSignal(first);
  const toggle = (): void => void attempt(async () => {
    const one = api.v1.tags.$select(name);
    following.value = (following.peek() ? await one.unfollow() : await one.follow()).following ?? false;
  });
  return <Button kind={following.value || small ? 'plain' : 'main'} onClick={toggle}>{following.value ? t('Unfollow') : t('Follow')}<span class="sr"> #{name}</span></Button>;
}

export function TagRow({ tag }: { tag: mastodon.v1.Tag }) {
  const n = uses(tag.history);
  return <div class="tag-row">
    <a href={`/tags/${encodeURIComponent(tag.name)}`}><Icon name="hash" /><span><b dir="auto">{tag.name}</b>{n > 0 && <span class="quiet">{tn('{0} post in two days', '{0} posts in two days', n)}</span>}</span></a>
    <Spark history={tag.history} />
    {tag.following !== undefined && tag.following !== null && <FollowTag name={tag.name} following={tag.following} small />}
  </div>;
}
