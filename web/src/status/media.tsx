// Pictures, videos and sounds of a post: a grid, behind a veil when they are sensitive, with their descriptions; and the viewer.
import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import type { mastodon } from 'masto';
import { t } from '../i18n/index.ts';
import type { Post } from '../store/posts.ts';
import { mayMove, reading } from '../store/preferences.ts';
import { Button } from '../ui/button.tsx';
import { Dialog, show } from '../ui/dialog.tsx';
import { webUrl } from '../ui/html.tsx';
import { Icon } from '../ui/icon.tsx';
import { type Context, verdictOn } from './filter.ts';
import { openViewer } from './viewer.tsx';

type Attachment = mastodon.v1.MediaAttachment;
interface Meta {
  original?: { width?: number; height?: number };
  small?: { width?: number; height?: number };
  focus?: { x: number; y: number };
}

export const sizeOf = (m: Attachment): { width: number; height: number } | null => {
  const meta = m.meta as Meta | undefined, s = meta?.original ?? meta?.small;
  return s?.width && s.height ? { width: s.width, height: s.height } : null;
};

// Where a picture that is cut is cut: the focus of its author.
export function position(m: Attachment): string {
  const f = (m.meta as Meta | undefined)?.focus;
  return f ? `${((f.x + 1) / 2) * 100}% ${((1 - f.y) / 2) * 100}%` : '50% 50%';
}

function Alt({ text }: { text: string }) {
  return <button type="button" class="alt" title={t('Show the description')} onClick={() => show(close => <Dialog title={t('Description')} onClose={close} class="small"><p dir="auto" class="pre">{text}</p></Dialog>)}>ALT</button>;
}

// A picture that moves begins when it is asked to, or at once when the account says so.
function Moving({ media: m, ratio }: { media: Attachment; ratio?: { aspectRatio: string } }) {
  const asked = useSignal<boolean | null>(null);
  const video = useRef<HTMLVideoElement>(null);
  const runs = asked.value ?? mayMove(), text = m.description ?? '';
  useEffect(() => {
    if (runs) void video.current?.play().catch(() => { asked.value = false; });
    else video.current?.pause();
  }, [runs]);
  return <figure class="tile" style={ratio}>
    <button type="button" class="tile-open plays" aria-pressed={runs} aria-label={text ? t('Play: {0}', text) : t('Play')} onClick={() => { asked.value = !runs; }}>
      <video ref={video} muted loop playsInline preload="none" poster={m.previewUrl ?? undefined} src={m.url!} />
      {!runs && <span class="card-play"><Icon name="play" /></span>}
    </button>
    <span class="mark">GIF</span>
    {text && <Alt text={text} />}
  </figure>;
}

function Tile({ post, at, single }: { post: Post; at: number; single: boolean }) {
  const m = post.mediaAttachments[at]!, size = sizeOf(m), text = m.description ?? '';
  const ratio = single && size ? { aspectRatio: `${size.width} / ${size.height}` } : undefined;
  if (m.type === 'audio') return <figure class="tile audio"><audio controls preload="none" src={m.url ?? undefined} aria-label={text || t('Audio')} />{text && <figcaption dir="auto">{text}</figcaption>}</figure>;
  if (m.type === 'unknown' || !m.url) return <a class="tile unknown" href={webUrl(m.remoteUrl ?? m.url)} target="_blank" rel="noopener nofollow"><Icon name="outside" />{t('Open this file on its own server')}</a>;
  if (m.type === 'video') return <figure class="tile" style={ratio}><video controls preload="metadata" poster={m.previewUrl ?? undefined} src={m.url} aria-label={text || t('Video')} />{text && <Alt text={text} />}</figure>;
  if (m.type === 'gifv') return <Moving media={m} ratio={ratio} />;
  return <figure class="tile" style={ratio}>
    <button type="button" class="tile-open" onClick={() => openViewer(post.mediaAttachments, at)} aria-label={text ? t('Open: {0}', text) : t('Open picture {0}', at + 1)}>
      <img src={m.previewUrl ?? m.url} alt={text} loading="lazy" decoding="async" width={size?.width} height={size?.height} style={{ objectPosition: position(m) }} />
    </button>
    {text && <Alt text={text} />}
  </figure>;
}

// Whether it is veiled, unless a click says otherwise: the account's own wish, a warning that was just opened, a filter that blurs.
function veiled(post: Post, blurred: boolean): boolean {
  const wish = reading.value.media;
  return blurred || wish === 'hide_all' || (wish !== 'show_all' && post.sensitive && post.spoilerText === '');
}

export function Media({ post, context }: { post: Post; context?: Context }) {
  const asked = useSignal<boolean | null>(null);
  const { action, titles } = verdictOn(post, context), blurred = action === 'blur';
  const shown = asked.value ?? !veiled(post, blurred);
  const list = post.mediaAttachments, n = Math.min(list.length, 5);
  if (!shown) return <div class="veil">
    <p><Icon name={blurred ? 'filter' : 'hide'} />{blurred ? t('Filtered: {0}', titles.join(', ')) : post.sensitive ? t('Sensitive media') : t('Media')}</p>
    {list.some(m => m.description) && <p class="quiet clamp" dir="auto">{list.map(m => m.description).filter(Boolean).join(' · ')}</p>}
    <button type="button" class="button small" data-reveal onClick={() => { asked.value = true; }}>{t('Show')}</button>
  </div>;
  return <div class={`media n-${n}`}>
    {list.map((m, i) => <Tile key={m.id} post={post} at={i} single={list.length === 1} />)}
    {(post.sensitive || blurred) && <Button onClick={() => { asked.value = false; }}>{t('Hide')}</Button>}
  </div>;
}
