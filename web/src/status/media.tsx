// Pictures, videos and sounds of a post: a grid, behind a veil when they are sensitive, with their descriptions; and the viewer.
import { useSignal } from '@preact/signals';
import type { mastodon } from 'masto';
import { t } from '../i18n/index.ts';
import type { Post } from '../store/posts.ts';
import { Button } from '../ui/button.tsx';
import { Dialog, show } from '../ui/dialog.tsx';
import { webUrl } from '../ui/html.tsx';
import { Icon } from '../ui/icon.tsx';
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
  return <button type="button" class="alt" aria-label={t('Show the description')} onClick={() => show(close => <Dialog title={t('Description')} onClose={close} class="small"><p dir="auto" class="pre">{text}</p></Dialog>)}>ALT</button>;
}

function Tile({ post, at, single }: { post: Post; at: number; single: boolean }) {
  const m = post.mediaAttachments[at]!, size = sizeOf(m), text = m.description ?? '';
  const ratio = single && size ? { aspectRatio: `${size.width} / ${size.height}` } : undefined;
  if (m.type === 'audio') return <figure class="tile audio"><audio controls preload="none" src={m.url ?? undefined} aria-label={text || t('Audio')} />{text && <figcaption dir="auto">{text}</figcaption>}</figure>;
  if (m.type === 'unknown' || !m.url) return <a class="tile unknown" href={webUrl(m.remoteUrl ?? m.url)} target="_blank" rel="noopener nofollow"><Icon name="outside" />{t('Open this file on its own server')}</a>;
  if (m.type === 'video') return <figure class="tile" style={ratio}><video controls preload="metadata" poster={m.previewUrl ?? undefined} src={m.url} aria-label={text || t('Video')} />{text && <Alt text={text} />}</figure>;
  return <figure class="tile" style={ratio}>
    <button type="button" class="tile-open" onClick={() => openViewer(post.mediaAttachments, at)} aria-label={text ? t('Open: {0}', text) : t('Open picture {0}', at + 1)}>
      {m.type === 'gifv'
        ? <video muted loop playsInline autoPlay={!matchMedia('(prefers-reduced-motion: reduce)').matches} poster={m.previewUrl ?? undefined} src={m.url} />
        : <img src={m.previewUrl ?? m.url} alt={text} loading="lazy" decoding="async" width={size?.width} height={size?.height} style={{ objectPosition: position(m) }} />}
    </button>
    {m.type === 'gifv' && <span class="mark">GIF</span>}
    {text && <Alt text={text} />}
  </figure>;
}

export function Media({ post }: { post: Post }) {
  const shown = useSignal(!post.sensitive || post.spoilerText !== '');
  const list = post.mediaAttachments, n = Math.min(list.length, 5);
  if (!shown.value) return <div class="veil">
    <p><Icon name="hide" />{t('Sensitive media')}</p>
    {list.some(m => m.description) && <p class="quiet clamp" dir="auto">{list.map(m => m.description).filter(Boolean).join(' · ')}</p>}
    <button type="button" class="button small" data-reveal onClick={() => { shown.value = true; }}>{t('Show')}</button>
  </div>;
  return <div class={`media n-${n}`}>
    {list.map((m, i) => <Tile key={m.id} post={post} at={i} single={list.length === 1} />)}
    {post.sensitive && <Button onClick={() => { shown.value = false; }}>{t('Hide')}</Button>}
  </div>;
}
