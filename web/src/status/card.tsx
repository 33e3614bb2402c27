// The preview of a link.  Nothing is loaded from the other site: pictures come from this server, and what plays opens there.
import type { mastodon } from 'masto';
import { t, tx } from '../i18n/index.ts';
import { webUrl } from '../ui/html.tsx';
import { Icon } from '../ui/icon.tsx';

const host = (url: string): string => {
  try {
    return new URL(url).hostname.replace(/^www\./, '');
  } catch {
    return url;
  }
};

export function Card({ card, sensitive }: { card: mastodon.v1.PreviewCard & { imageDescription?: string }; sensitive: boolean }) {
  const author = card.authors?.[0]?.account;
  return <div class="card-box">
    <a class={`card-link ${card.image && (card.width ?? 0) > (card.height ?? 0) ? 'wide' : ''}`} href={webUrl(card.url)} target="_blank" rel="noopener nofollow">
      {card.image && !sensitive ? <span class="card-image"><img src={card.image} alt={card.imageDescription ?? ''} loading="lazy" />{card.type === 'video' && <span class="card-play"><Icon name="play" /></span>}</span> : <span class="card-image none"><Icon name="link" /></span>}
      <span class="card-text"><span class="quiet">{card.providerName || host(card.url)}</span><b dir="auto">{card.title || card.url}</b>{card.description && <span class="quiet clamp" dir="auto">{card.description}</span>}</span>
    </a>
    {author && <p class="card-author">{tx('More from {0}', <a href={`/@${author.acct}`}><bdi>{author.displayName || author.username}</bdi></a>)}</p>}
    {card.type === 'video' && <span class="sr">{t('Video')}</span>}
  </div>;
}
