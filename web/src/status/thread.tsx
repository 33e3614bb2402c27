// A post with what it answers and what answers it; new answers appear while it is open.
import { useSignal } from '@preact/signals';
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import { Column, useTitle } from '../app/shell.tsx';
import { current } from '../api/accounts.ts';
import { scrolled, usePane } from '../app/pane.ts';
import type { Params } from '../app/router.ts';
import { type Refresh, request } from '../api/client.ts';
import { subscribe } from '../api/stream.ts';
import { openComposer } from '../compose/open.tsx';
import { t, tn, tx } from '../i18n/index.ts';
import { person } from '../store/people.ts';
import { dropPost, gone, loadPost, post as postOf, putStatus, putStatuses } from '../store/posts.ts';
import type { mastodon } from 'masto';
import { Button } from '../ui/button.tsx';
import { Failed } from '../ui/bits.tsx';
import { ReplyBones, ThreadBones } from '../ui/bones.tsx';
import { Icon } from '../ui/icon.tsx';
import { every } from '../ui/every.ts';
import { announce } from '../ui/toast.tsx';
import { leftOut } from './filter.ts';
import { Status, postPath } from './status.tsx';
import { type Row, rows } from './tree.ts';

interface Context {
  above: string[];
  below: string[];
  cut?: { ancestors: boolean; descendants: boolean }; // not Mastodon's: more is known than the answer has
}

function Answers({ row }: { row: Row }) {
  const parent = row.answers ? postOf(row.answers) : undefined, author = parent && person(parent.accountId);
  if (!parent || !author) return null;
  return <p class="reply-line"><Icon name="reply" /><span>{tx('In reply to {0}', <a href={postPath(parent)}><bdi>@{author.username}</bdi></a>)}</span></p>;
}

// What of the conversation is not here: the server's answer was cut, or another server may know more.
function Before({ context: c, id }: { context: Context; id: string }) {
  const top = postOf(c.above[0] ?? id);
  if (!c.cut?.ancestors || !top) return null;
  return <p class="beyond">{t('This conversation begins earlier.')} <a href={postPath(top)}>{t('Read what came before')}</a></p>;
}

function Beyond({ context: c, id, looking }: { context: Context; id: string; looking: boolean }) {
  const top = postOf(c.above[0] ?? id), author = top && person(top.accountId);
  const elsewhere = top?.url && author?.acct.includes('@') && /^https?:/.test(top.url) && URL.canParse(top.url) ? top.url : null;
  return <>
    {c.cut?.descendants && <p class="beyond">{t('There are more replies than fit here. Open one to read on.')}</p>}
    {looking ? <p class="beyond" role="status"><Icon name="refresh" /> {t('Looking for more replies on other servers')}</p>
      : elsewhere && <p class="beyond">{t('This conversation began on another server, which may know more replies.')} <a href={elsewhere} rel="nofollow noopener noreferrer" target="_blank">{t('Read it at {0}', new URL(elsewhere).host)}</a></p>}
  </>;
}

function Reply({ row }: { row: Row }) {
  return <div class={`reply depth-${row.depth}${row.joined ? ' joined' : ''}${row.branch ? ' branch' : ''}`} role="listitem">
    {row.rails.map((on, i) => on && <span class={`rail level-${i}`} aria-hidden="true" />)}
    {!row.branch && <Answers row={row} />}
    <Status id={row.id} thread context="thread" />
  </div>;
}

export function ThreadView({ params }: { params: Params }) {
  const id = params.id!, pane = usePane();
  const context = useSignal<Context | null>(null);
  const error = useSignal<unknown>(null);
  const looking = useSignal(false);
  const focal = useRef<HTMLDivElement>(null);
  const later = useRef(0);
  const rounds = useRef(0);
  const post = postOf(id);
  const author = post && person(post.accountId);
  useTitle(author ? t('Post by {0}', author.displayName || author.username) : null);

  const load = async (): Promise<void> => {
    error.value = null;
    try {
      const [, { data, refresh }] = await Promise.all([loadPost(id), request<mastodon.v1.Context & Pick<Context, 'cut'>>('GET', `/api/v1/statuses/${id}/context`)]);
      context.value = { above: putStatuses(data.ancestors), below: putStatuses(data.descendants), cut: data.cut };
      clearTimeout(later.current);
      looking.value = Boolean(refresh && rounds.current > 0);
      if (refresh && rounds.current-- > 0) later.current = window.setTimeout(() => void again(refresh), refresh.retry * 1000);
    } catch (e) {
      error.value = e;
    }
  };
  // The server asks others for what it misses of this thread; when it has found something, so do we.
  const again = async (refresh: Refresh): Promise<void> => {
    try {
      const { data } = await request<{ asyncRefresh: { status: string; resultCount?: number } }>('GET', `/api/v1_alpha/async_refreshes/${refresh.id}`);
      if (data.asyncRefresh.status === 'finished' || (data.asyncRefresh.resultCount ?? 0) > 0) await load();
      else if (rounds.current-- > 0) later.current = window.setTimeout(() => void again(refresh), refresh.retry * 1000);
      else looking.value = false;
    } catch {
      looking.value = false; // what is there is shown
    }
  };
  useEffect(() => {
    rounds.current = 12;
    void load();
    return () => clearTimeout(later.current);
  }, [id]);

  // Strangers' answers come by no stream of ours: look now and then, and when the page comes back to the front.
  useEffect(() => every(() => { if (context.peek()) void load(); }, 45_000), [id]);

  // A new answer to anything shown here, by whoever's stream brings it.
  useEffect(() => {
    const take = (s: mastodon.v1.Status): void => {
      const c = context.peek(), reply = s.reblog ?? s;
      if (!c || !reply.inReplyToId || c.below.includes(reply.id) || ![id, ...c.below].includes(reply.inReplyToId)) return;
      context.value = { ...c, below: [...c.below, putStatus(reply)] };
      if (reply.account.id !== current.peek()?.id) announce(t('{0} replied', reply.account.displayName || reply.account.username));
    };
    return subscribe({ stream: 'user' }, ({ event, payload }) => {
      if (event === 'update') take(payload as mastodon.v1.Status);
      else if (event === 'notification' && (payload as mastodon.v1.Notification).status) take((payload as mastodon.v1.Notification).status as mastodon.v1.Status);
      else if (event === 'status.update') putStatus(payload as mastodon.v1.Status);
      else if (event === 'delete') dropPost(String(payload));
    }, () => void load());
  }, [id]);

  // What it answers stands above; the post itself is where one begins to read.
  useLayoutEffect(() => {
    if (context.value && context.value.above.length > 0 && scrolled(pane) < 50) focal.current?.scrollIntoView();
  }, [context.value !== null]);

  if (error.value && !post) return <Column><Failed error={error.value} retry={() => void load()} /></Column>;
  if (!post) return <Column><ThreadBones /></Column>;
  const c = context.value;
  const below = c ? rows(c.below.filter(x => !gone.value.has(x) && !leftOut(x, 'thread')).map(x => ({ id: x, parent: postOf(x)?.inReplyToId ?? null })), id, 4) : [];
  return <Column>
    <div class="thread">
      {c && <Before context={c} id={id} />}
      {c && c.above.length > 0 && <div role="list" aria-label={t('What it answers')} class="ancestors">{c.above.filter(x => !leftOut(x, 'thread')).map(x => <div role="listitem" class="reply joined" key={x}><Status id={x} thread context="thread" /></div>)}</div>}
      <div ref={focal} class={`focal-box ${c && c.above.length > 0 ? 'continues' : ''}`}>
        {gone.value.has(id) ? <div class="empty">{t('This post has been deleted.')}</div> : <Status id={id} focal thread={Boolean(c && c.above.length > 0)} context="thread" />}
        <div class="focal-answer"><Button onClick={() => void openComposer({ reply: id })}><Icon name="reply" />{t('Reply')}</Button></div>
      </div>
      <section aria-label={t('Replies')} aria-busy={c === null && !error.value || undefined} class="descendants">{c && <>
        <h2 class="section-title">{below.length > 0 ? tn('{0} reply', '{0} replies', below.length) : t('No replies yet')}</h2>
        <div role="list">{below.map(row => <Reply key={row.id} row={row} />)}</div>
        <Beyond context={c} id={id} looking={looking.value} />
      </>}</section>
      {c === null && (error.value ? <Failed error={error.value} retry={() => void load()} /> : <ReplyBones />)}
    </div>
  </Column>;
}
