// The button that follows, in all its states; and a person as a row of a list.
import type { mastodon } from 'masto';
import { current } from '../api/accounts.ts';
import { api } from '../api/client.ts';
import { t } from '../i18n/index.ts';
import { personPath } from '../store/handle.ts';
import { type Person, type Relationship, block, endorse, follow, person, wantRelationship } from '../store/people.ts';
import { Avatar, Name } from '../ui/bits.tsx';
import { ButtonBone } from '../ui/bones.tsx';
import { Button } from '../ui/button.tsx';
import { confirm } from '../ui/dialog.tsx';
import { plain } from '../ui/html.tsx';
import { attempt, say } from '../ui/toast.tsx';

// A slip of the finger costs nothing: what hung on the follow comes back with it.  Who decides about followers would have to be asked again.
async function leave(p: Person, r: Relationship): Promise<void> {
  const asks = p.locked && r.following, on = asks ? [] : await api.v1.accounts.$select(p.id).lists.list().then(v => v, (): mastodon.v1.List[] => []);
  if (asks && !await confirm(t('Unfollow {0}?', `@${p.acct}`), t('To follow again you would have to ask again.'), t('Unfollow'))) return;
  if (!await attempt(() => follow(p.id, false)) || asks) return;
  say(r.requested ? t('You took your request back') : t('You do not follow {0} any more', `@${p.acct}`), false, { text: t('Undo'), run: () => void attempt(async () => {
    await follow(p.id, true, { reblogs: r.showingReblogs, notify: r.notifying, ...(r.languages?.length ? { languages: r.languages } : {}) });
    for (const l of on) await api.v1.lists.$select(l.id).accounts.create({ accountIds: [p.id] });
    if (r.endorsed) await endorse(p.id, true);
  }) });
}

export function FollowButton({ person: p }: { person: Person }) {
  const r = wantRelationship(p.id).value;
  if (p.id === current.value?.id) return null;
  if (!r) return <ButtonBone />;
  if (r.blocking) return <Button onClick={() => void attempt(() => block(p.id, false))}>{t('Unblock')}</Button>;
  if (r.requested) return <Button onClick={() => void leave(p, r)}>{t('Requested')}</Button>;
  if (r.following) return <Button onClick={() => void leave(p, r)}>{t('Following')}</Button>;
  return <Button kind="main" onClick={() => void attempt(() => follow(p.id, true))}>{r.followedBy ? t('Follow back') : p.locked ? t('Ask to follow') : t('Follow')}</Button>;
}

// By id, in lists.
export function Listed({ id }: { id: string }) {
  const p = person(id);
  return p ? <PersonRow person={p} /> : null;
}

export function PersonRow({ person: p }: { person: Person }) {
  return <div class="person-row">
    <a href={personPath(p)} class="who"><Avatar person={p} /><span><Name person={p} /><bdi class="handle">@{p.acct}</bdi><span class="quiet clamp-1" dir="auto">{plain(p.note)}</span></span></a>
    <FollowButton person={p} />
  </div>;
}
