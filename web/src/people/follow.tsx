// The button that follows, in all its states; and a person as a row of a list.
import { current } from '../api/accounts.ts';
import { t } from '../i18n/index.ts';
import { type Person, block, follow, wantRelationship } from '../store/people.ts';
import { Avatar, Name, personPath } from '../ui/bits.tsx';
import { Button } from '../ui/button.tsx';
import { plain } from '../ui/html.tsx';
import { attempt } from '../ui/toast.tsx';

export function FollowButton({ person: p }: { person: Person }) {
  const r = wantRelationship(p.id).value;
  if (p.id === current.value?.id || !r) return null;
  if (r.blocking) return <Button onClick={() => void attempt(() => block(p.id, false))}>{t('Unblock')}</Button>;
  if (r.requested) return <Button onClick={() => void attempt(() => follow(p.id, false))}>{t('Requested')}</Button>;
  if (r.following) return <Button onClick={() => void attempt(() => follow(p.id, false))}>{t('Following')}</Button>;
  return <Button kind="main" onClick={() => void attempt(() => follow(p.id, true))}>{r.followedBy ? t('Follow back') : p.locked ? t('Ask to follow') : t('Follow')}</Button>;
}

export function PersonRow({ person: p }: { person: Person }) {
  return <div class="person-row">
    <a href={personPath(p)} class="who"><Avatar person={p} /><span><Name person={p} /><bdi class="handle">@{p.acct}</bdi><span class="quiet clamp-1" dir="auto">{plain(p.note)}</span></span></a>
    <FollowButton person={p} />
  </div>;
}
