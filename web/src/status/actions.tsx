// The row of buttons under a post, and the menu behind the last of them.
import type { mastodon } from 'masto';
import { current } from '../api/accounts.ts';
import { api, call } from '../api/client.ts';
import { openComposer } from '../compose/open.tsx';
import { compact, t } from '../i18n/index.ts';
import { me } from '../store/me.ts';
import { person } from '../store/people.ts';
import { type Post, bookmark, boost, dropPost, favourite, inTurn, patch, peekPost, putStatus, remove } from '../store/posts.ts';
import { webUrl } from '../ui/html.tsx';
import { confirm } from '../ui/dialog.tsx';
import { IconButton } from '../ui/button.tsx';
import { MenuButton, type MenuItem } from '../ui/menu.tsx';
import { attempt, say } from '../ui/toast.tsx';
import { ReactionPicker } from './reactions.tsx';
import { postPath } from './status.tsx';
import { canTranslate, translate } from './translation.tsx';

const count = (n: number): string => (n > 0 ? compact(n) : '');
export const isMine = (p: Post): boolean => p.accountId === current.value?.id;
export const mayBoost = (p: Post): boolean => p.visibility === 'public' || p.visibility === 'unlisted' || (p.visibility === 'private' && isMine(p));
export const mayQuote = (p: Post): boolean => p.quoteApproval?.currentUser !== 'denied' && p.quoteApproval?.currentUser !== 'unknown' && p.visibility !== 'direct';

function quotesMine(p: Post): boolean {
  const of = p.quote?.state === 'accepted' && p.quote.id ? peekPost(p.quote.id) : undefined;
  return of !== undefined && isMine(of);
}

async function copyLink(p: Post): Promise<void> {
  await navigator.clipboard.writeText(p.url ?? p.uri);
  say(t('Link copied'));
}

async function share(p: Post): Promise<void> {
  await navigator.share({ url: p.url ?? p.uri }).catch((e: Error) => { if (e.name !== 'AbortError') throw e; });
}

// One's own post, out of somebody's quote of it.
async function takeOut(p: Post, of: string): Promise<void> {
  if (await confirm(t('Take your post out of this quote?'), t('What they wrote about it stays; your post is not shown in it any more.'), t('Take out')))
    await attempt(async () => void putStatus(await call<mastodon.v1.Status>('POST', `/api/v1/statuses/${of}/quotes/${p.id}/revoke`)));
}

async function destroy(p: Post): Promise<void> {
  if (await confirm(t('Delete this post?'), t('It is removed here, and other servers are asked to remove it.'), t('Delete')))
    await attempt(() => remove(p.id));
}

async function rewrite(p: Post): Promise<void> {
  if (!await confirm(t('Delete and write anew?'), t('Its favourites and boosts are lost, and answers to it stand alone.'), t('Delete and write anew'))) return;
  await attempt(async () => {
    const draft = await (await import('../compose/send.ts')).takeBack(p.id);
    dropPost(p.id);
    await openComposer({ draft });
  });
}

async function pin(p: Post): Promise<void> {
  const one = api.v1.statuses.$select(p.id);
  putStatus(await inTurn(p.id, async () => (p.pinned ? one.unpin() : one.pin())));
}

async function muteThread(p: Post): Promise<void> {
  const one = api.v1.statuses.$select(p.id);
  patch(p.id, { muted: (p.muted ? await one.unmute() : await one.mute()).muted });
}

function items(p: Post): (MenuItem | null)[] {
  const author = person(p.accountId);
  if (!author) return [];
  const at = `@${author.acct}`;
  return [
    { icon: 'thread', text: t('Open the thread'), href: postPath(p) },
    { icon: 'copy', text: t('Copy link'), run: () => void attempt(() => copyLink(p)) },
    typeof navigator.share === 'function' ? { icon: 'outside', text: t('Share'), run: () => void attempt(() => share(p)) } : null,
    author.acct.includes('@') && p.url ? { icon: 'outside', text: t('Open on its own server'), run: () => void window.open(webUrl(p.url), '_blank', 'noopener') } : null,
    canTranslate(p) ? { icon: 'translate', text: t('Translate'), run: () => void attempt(() => translate(p)) } : null,
    isMine(p) || p.mentions.some(m => m.id === me.value?.id) ? { icon: 'bell', text: p.muted ? t('Notify me about this thread') : t('Do not notify me about this thread'), run: () => void attempt(() => muteThread(p)) } : null,
    ...(isMine(p) ? [
      { icon: 'pen', text: t('Edit'), run: () => void openComposer({ edit: p.id }) },
      p.visibility === 'direct' ? null : { icon: 'pin', text: p.pinned ? t('Unpin from profile') : t('Pin to profile'), run: () => void attempt(() => pin(p)) },
      { icon: 'refresh', text: t('Delete and write anew'), run: () => void rewrite(p) },
      { icon: 'trash', text: t('Delete'), danger: true, run: () => void destroy(p) },
    ] as (MenuItem | null)[] : [
      quotesMine(p) ? { icon: 'quote', text: t('Take my post out of this quote'), run: () => void takeOut(p, p.quote!.id!) } : null,
      { icon: 'mute', text: t('Mute {0}…', at), run: () => void attempt(async () => (await import('../people/mute.tsx')).askMute(author)) },
      { icon: 'block', text: t('Block {0}', at), danger: true, run: () => void attempt(async () => (await import('../people/menu.ts')).blockAsk(author, true)) },
      { icon: 'flag', text: t('Report {0}…', at), danger: true, run: () => void attempt(async () => (await import('../people/report.tsx')).openReport(author, p.id)) },
    ] as (MenuItem | null)[]),
  ];
}

function boostItems(p: Post): (MenuItem | null)[] {
  return [
    mayBoost(p) ? { icon: 'boost', text: p.reblogged ? t('Undo boost') : t('Boost'), run: () => void attempt(() => boost(p.id)) } : null,
    mayQuote(p) ? { icon: 'quote', text: p.quoteApproval?.currentUser === 'manual' ? t('Quote (has to be approved)') : t('Quote'), run: () => void openComposer({ quote: p.id }) } : null,
  ];
}

export function Actions({ post: p }: { post: Post }) {
  const both = mayQuote(p);
  return <footer class="actions-row">
    <IconButton icon="reply" label={t('Reply')} count={count(p.repliesCount)} class="do-reply" onClick={() => void openComposer({ reply: p.id })} />
    {both
      ? <MenuButton icon="boost" label={t('Boost or quote')} count={count(p.reblogsCount + p.quotesCount)} pressed={p.reblogged ?? false} class="do-boost" items={() => boostItems(p)} />
      : <IconButton icon={mayBoost(p) ? 'boost' : 'lock'} label={mayBoost(p) ? t('Boost') : t('This post cannot be boosted')} count={count(p.reblogsCount)} pressed={p.reblogged ?? false} class="do-boost"
          disabled={!mayBoost(p)} onClick={() => void attempt(() => boost(p.id))} />}
    <IconButton icon="star" label={t('Favourite')} count={count(p.favouritesCount)} pressed={p.favourited ?? false} class="do-favourite" onClick={() => void attempt(() => favourite(p.id))} />
    <ReactionPicker post={p} />
    <IconButton icon="bookmark" label={t('Bookmark')} pressed={p.bookmarked ?? false} class="do-bookmark" onClick={() => void attempt(() => bookmark(p.id))} />
    <MenuButton icon="more" label={t('More')} items={() => items(p)} />
  </footer>;
}
