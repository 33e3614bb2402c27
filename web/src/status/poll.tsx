// A poll: choose and vote, or see how it stands.
import { useSignal } from '@preact/signals';
import type { mastodon } from 'masto';
import { api } from '../api/client.ts';
import { dateTime, percent, t, tn, until } from '../i18n/index.ts';
import { type Post, patch, vote } from '../store/posts.ts';
import { isMine } from './actions.tsx';
import { Button } from '../ui/button.tsx';
import { Emojified } from '../ui/html.tsx';
import { Icon } from '../ui/icon.tsx';
import { attempt } from '../ui/toast.tsx';

type Poll = mastodon.v1.Poll;

export const isOver = (p: Pick<Poll, 'expired' | 'expiresAt'>, now = Date.now()): boolean => p.expired || (p.expiresAt ? Date.parse(p.expiresAt) <= now : false);

// Of those who voted: with several answers the shares add up to more than one.
export function shareOf(p: Pick<Poll, 'multiple' | 'votersCount' | 'votesCount'>, votes: number | null | undefined): number {
  const all = p.multiple && p.votersCount ? p.votersCount : p.votesCount;
  return all > 0 ? (votes ?? 0) / all : 0;
}

function Results({ poll, emojis }: { poll: Poll; emojis: Post['emojis'] }) {
  const best = Math.max(...poll.options.map(o => o.votesCount ?? 0));
  return <ul class="poll-results">{poll.options.map((o, i) => {
    const share = shareOf(poll, o.votesCount), own = poll.ownVotes?.includes(i);
    return <li key={i} class={best > 0 && o.votesCount === best ? 'best' : ''}>
      <span class="poll-bar" style={{ inlineSize: `${Math.min(100, share * 100)}%` }} />
      <span class="poll-title" dir="auto"><Emojified text={o.title} emojis={emojis} />{own && <><Icon name="check" /><span class="sr">{t('your vote')}</span></>}</span>
      <b>{o.votesCount === null || o.votesCount === undefined ? '' : percent(share)}</b>
    </li>;
  })}</ul>;
}

export function PollBox({ post, poll }: { post: Post; poll: Poll }) {
  const chosen = useSignal<number[]>([]);
  const looking = useSignal(false);
  const over = isOver(poll), open = !over && !poll.voted && !isMine(post) && !looking.value;
  const choose = (i: number, on: boolean): void => { chosen.value = poll.multiple ? (on ? [...chosen.value, i] : chosen.value.filter(x => x !== i)) : [i]; };
  const send = (e: Event): void => {
    e.preventDefault();
    void attempt(() => vote(post.id, poll.id, chosen.value));
  };
  return <div class="poll">
    {open
      ? <form onSubmit={send}>
        <fieldset><legend class="sr">{poll.multiple ? t('Choose as many as you like') : t('Choose one')}</legend>
          {poll.options.map((o, i) => <label key={i} class="choice"><input type={poll.multiple ? 'checkbox' : 'radio'} name={`poll-${poll.id}`} checked={chosen.value.includes(i)} onChange={e => choose(i, e.currentTarget.checked)} />
            <span dir="auto"><Emojified text={o.title} emojis={post.emojis} /></span></label>)}
        </fieldset>
        <div class="poll-actions"><Button type="submit" kind="main" disabled={chosen.value.length === 0}>{t('Vote')}</Button>
          <button type="button" class="link" onClick={() => { looking.value = true; }}>{t('Show results')}</button></div>
      </form>
      : <Results poll={poll} emojis={post.emojis} />}
    <p class="quiet">
      {poll.votersCount !== null && poll.votersCount !== undefined ? tn('{0} person', '{0} people', poll.votersCount) : tn('{0} vote', '{0} votes', poll.votesCount)}
      {poll.expiresAt && <> · <span title={dateTime(poll.expiresAt)}>{over ? t('closed') : t('ends {0}', until(poll.expiresAt))}</span></>}
      {!over && !open && <> · <button type="button" class="link" onClick={() => { looking.value = false; void attempt(async () => patch(post.id, { poll: await api.v1.polls.$select(poll.id).fetch() })); }}>{t('Refresh')}</button></>}
    </p>
  </div>;
}
