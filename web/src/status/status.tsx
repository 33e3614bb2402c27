// A post, as it stands in every list: who, what, and what one can do with it.
import { useSignal } from '@preact/signals';
import { useMemo } from 'preact/hooks';
import { navigate } from '../app/router.ts';
import { compact, dateTime, msg, t, tn, tx } from '../i18n/index.ts';
import { personPath } from '../store/handle.ts';
import { type Post, post as postOf } from '../store/posts.ts';
import { person } from '../store/people.ts';
import { reading } from '../store/preferences.ts';
import { Avatar, Name, PersonLink, Time } from '../ui/bits.tsx';
import { Long } from '../ui/long.tsx';
import { Emojified, Html } from '../ui/html.tsx';
import { Icon, type IconName } from '../ui/icon.tsx';
import { Actions } from './actions.tsx';
import { Card } from './card.tsx';
import { type Context, verdictOn } from './filter.ts';
import { History } from './history.tsx';
import { Media } from './media.tsx';
import { PollBox } from './poll.tsx';
import { Quoted } from './quoted.tsx';
import { Reactions } from './reactions.tsx';
import { translationOf, TranslationNote } from './translation.tsx';

export const postPath = (p: Post): string => `/@${person(p.accountId)?.acct ?? '_'}/${p.id}`;

const visibilities: Record<string, { icon: IconName; text: string }> = {
  public: { icon: 'globe', text: msg('Public') },
  unlisted: { icon: 'unlisted', text: msg('Quiet public') },
  private: { icon: 'lock', text: msg('Followers only') },
  direct: { icon: 'mail', text: msg('Only people mentioned') },
};

interface Options {
  focal?: boolean;
  pinned?: boolean;
  thread?: boolean; // what it answers stands above it
  context?: Context;
}

export function Visibility({ of }: { of: string }) {
  const v = visibilities[of] ?? visibilities.public!;
  return <span class="visibility" title={t(v.text)}><Icon name={v.icon} /><span class="sr">{t(v.text)}</span></span>;
}

function ReplyLine({ post }: { post: Post }) {
  if (!post.inReplyToAccountId) return null;
  if (post.inReplyToAccountId === post.accountId) return <p class="reply-line"><Icon name="thread" />{t('Continues a thread')}</p>;
  const to = post.mentions.find(m => m.id === post.inReplyToAccountId) ?? person(post.inReplyToAccountId);
  return <p class="reply-line"><Icon name="reply" /><span>{to ? tx('In reply to {0}', <a href={`/@${to.acct}`}><bdi>@{to.username}</bdi></a>) : t('In reply to somebody')}</span></p>;
}

// What stands under the warning, or at once: text, poll, media, quote, card.
function Body({ post, options }: { post: Post; options: Options }) {
  const focal = options.focal ?? false;
  const translation = translationOf(post.id).value;
  const quoteShown = post.quote?.id !== null && post.quote?.state === 'accepted';
  return <>
    <Long open={focal}><Html html={translation?.content ?? post.content} emojis={post.emojis} mentions={post.mentions} lang={translation?.language ?? post.language}
      class={quoteShown ? 'has-quote' : ''} /></Long>
    <TranslationNote post={post} focal={focal} />
    {post.poll && <PollBox post={post} poll={post.poll} />}
    {post.mediaAttachments.length > 0 && <Media post={post} context={focal ? undefined : options.context} />}
    {post.quote && <Quoted quote={post.quote} context={options.context} />}
    {post.card && post.mediaAttachments.length === 0 && !post.quote && <Card card={post.card} sensitive={post.sensitive} />}
  </>;
}

function Warned({ post, options }: { post: Post; options: Options }) {
  const chosen = useSignal<boolean | null>(null);
  const open = chosen.value ?? reading.value.spoilers;
  return <>
    <div class="warning">
      <p dir="auto" lang={post.language ?? undefined}><Icon name="warning" /><span class="clamp-6"><Emojified text={post.spoilerText} emojis={post.emojis} /></span></p>
      <button type="button" class="button small" aria-expanded={open} data-reveal onClick={() => { chosen.value = !open; }}>{open ? t('Show less') : t('Show more')}</button>
    </div>
    {open && <Body post={post} options={options} />}
  </>;
}

function FocalMeta({ post }: { post: Post }) {
  const history = useSignal(false);
  const path = postPath(post);
  return <>
    <p class="focal-meta">
      <a href={path}><time dateTime={post.createdAt}>{dateTime(post.createdAt)}</time></a> <Visibility of={post.visibility} />
      {post.application?.name && <span>{tx('via {0}', <bdi>{post.application.name}</bdi>)}</span>}
      {post.editedAt && <button type="button" class="link" onClick={() => { history.value = true; }}>{t('edited {0}', dateTime(post.editedAt))}</button>}
    </p>
    {post.reblogsCount + post.favouritesCount + post.quotesCount > 0 && <p class="focal-meta numbers">
      {post.reblogsCount > 0 && <a href={`${path}/reblogs`}>{tn('{0} boost', '{0} boosts', post.reblogsCount)}</a>}
      {post.favouritesCount > 0 && <a href={`${path}/favourites`}>{tn('{0} favourite', '{0} favourites', post.favouritesCount)}</a>}
      {post.quotesCount > 0 && <a href={`${path}/quotes`}>{tn('{0} quote', '{0} quotes', post.quotesCount)}</a>}
    </p>}
    {history.value && <History post={post} onClose={() => { history.value = false; }} />}
  </>;
}

// A click beside links and buttons opens the thread; selecting text does not.
function openThread(e: MouseEvent, post: Post): void {
  if ((e.target as Element).closest('a, button, input, label, summary, video, audio, dialog, .menu') || getSelection()?.toString()) return;
  navigate(postPath(post), false, e.target as Element);
}

// What a screen reader says first.
function label(post: Post, name: string): string {
  return [name, post.spoilerText || new DOMParser().parseFromString(post.content, 'text/html').body.textContent?.slice(0, 200), dateTime(post.createdAt)].join(', ');
}

function Full({ post, booster, options }: { post: Post; booster?: Post; options: Options }) {
  const author = person(post.accountId);
  const said = useMemo(() => label(post, author?.displayName ?? ''), [post.content, author]);
  if (!author) return null;
  const by = booster && person(booster.accountId);
  return <article class={`post ${options.focal ? 'focal' : ''}`} tabIndex={0} aria-label={said} data-post={post.id}
    onClick={options.focal ? undefined : e => openThread(e, post)}>
    {options.pinned && <p class="why"><Icon name="pin" />{t('Pinned')}</p>}
    {by && <p class="why"><Icon name="boost" /><span>{tx('{0} boosted', <PersonLink person={by} />)}</span></p>}
    <header class="by">
      <a href={personPath(author)} tabIndex={-1} aria-hidden="true" class="by-avatar"><Avatar person={author} /></a>
      <a class="by-name" href={personPath(author)}><Name person={author} />{author.bot && <Icon name="bot" />}<bdi class="handle">@{author.acct}</bdi></a>
      {!options.focal && <span class="by-when">{post.editedAt && <span class="edited" title={t('edited {0}', dateTime(post.editedAt))}><Icon name="pen" /><span class="sr">{t('edited')}</span></span>}
        {post.visibility !== 'public' && <Visibility of={post.visibility} />}<a href={postPath(post)}><Time iso={post.createdAt} /></a></span>}
    </header>
    {!options.thread && <ReplyLine post={post} />}
    {post.spoilerText ? <Warned post={post} options={options} /> : <Body post={post} options={options} />}
    <Reactions post={post} />
    {options.focal && <FocalMeta post={post} />}
    <Actions post={post} />
  </article>;
}

// What one's own filters hide says why, and opens.
function Filtered({ post, booster, options }: { post: Post; booster?: Post; options: Options }) {
  const open = useSignal(false);
  const { action, titles } = verdictOn(post, options.context);
  if (open.value || options.focal || action !== 'warn') return <Full post={post} booster={booster} options={options} />;
  return <article class="post filtered" tabIndex={0} data-post={post.id}>
    <p><Icon name="filter" /> {t('Filtered: {0}', titles.join(', '))}</p>
    <button type="button" class="link" data-reveal onClick={() => { open.value = true; }}>{t('Show anyway')}</button>
  </article>;
}

export function Status({ id, ...options }: { id: string } & Options) {
  const row = postOf(id);
  const shown = row?.reblogId ? postOf(row.reblogId) : row;
  if (!row || !shown) return null;
  if (!options.focal && verdictOn(shown, options.context).action === 'hide') return null;
  return <Filtered post={shown} booster={row.reblogId ? row : undefined} options={options} />;
}

export const count = (n: number): string => (n > 0 ? compact(n) : '');
