// A post inside another one.
import { useEffect } from 'preact/hooks';
import { msg, t } from '../i18n/index.ts';
import { person } from '../store/people.ts';
import { type Post, loadPost, post as postOf } from '../store/posts.ts';
import { Avatar, Name, Time } from '../ui/bits.tsx';
import { Emojified, Html } from '../ui/html.tsx';
import { Icon } from '../ui/icon.tsx';
import { type Context, verdictOn } from './filter.ts';
import { position } from './media.tsx';
import { postPath } from './status.tsx';

const states: Record<string, string> = {
  pending: msg('The quoted post is waiting for its author to agree'),
  rejected: msg('The author of the quoted post does not want this quote'),
  revoked: msg('The author of the quoted post has taken it back'),
  deleted: msg('The quoted post has been deleted'),
  unauthorized: msg('You may not see the quoted post'),
  blocked_account: msg('You have blocked the author of the quoted post'),
  blocked_domain: msg('You have blocked the server of the quoted post'),
  muted_account: msg('You have muted the author of the quoted post'),
};

// Small pictures, or in words what is sensitive or has no picture.
function Pictures({ post: p, blurred }: { post: Post; blurred: boolean }) {
  const shown = p.mediaAttachments.filter(m => m.previewUrl && m.type !== 'audio');
  if (p.mediaAttachments.length === 0) return null;
  if (p.sensitive || blurred || p.spoilerText || shown.length === 0) return <p class="quiet"><Icon name="image" /> {p.sensitive || blurred ? t('Sensitive media') : p.mediaAttachments[0]!.description || t('Media')}</p>;
  return <p class="quoted-media">{shown.slice(0, 4).map(m => <img key={m.id} src={m.previewUrl!} alt={m.description ?? ''} loading="lazy" style={{ objectPosition: position(m) }} />)}</p>;
}

export function QuotedPost({ id, context }: { id: string; context?: Context }) {
  const p = postOf(id), author = p && person(p.accountId);
  useEffect(() => { if (!p) loadPost(id).catch(() => undefined); }, [id]);
  if (!p || !author) return <div class="quoted quiet">{t('The quoted post is not available')}</div>;
  const { action, titles } = verdictOn(p, context);
  if (action === 'warn' || action === 'hide') return <div class="quoted quiet"><Icon name="filter" /> <a href={postPath(p)}>{t('Filtered: {0}', titles.join(', '))}</a></div>;
  return <blockquote class="quoted">
    <a class="quoted-by" href={postPath(p)}><Avatar person={author} size={24} /><Name person={author} /><bdi class="handle">@{author.acct}</bdi><Time iso={p.createdAt} /></a>
    {p.spoilerText ? <p dir="auto"><Icon name="warning" /> <Emojified text={p.spoilerText} emojis={p.emojis} /></p>
      : <Html html={p.content} emojis={p.emojis} mentions={p.mentions} lang={p.language} class="clamp-6" />}
    <Pictures post={p} blurred={action === 'blur'} />
  </blockquote>;
}

export function Quoted({ quote, context }: { quote: { state: string; id: string | null }; context?: Context }) {
  if (quote.state === 'accepted' && quote.id) return <QuotedPost id={quote.id} context={context} />;
  return <div class="quoted quiet"><Icon name="quote" /> {t(states[quote.state] ?? states.deleted!)}</div>;
}
