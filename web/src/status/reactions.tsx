// Emoji under a post: who reacted how often, and one's own.
import { useSignal } from '@preact/signals';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { call } from '../api/client.ts';
import { compact, t } from '../i18n/index.ts';
import { emojis } from '../store/me.ts';
import { type Post, type Reaction, inTurn, patch, putStatus } from '../store/posts.ts';
import { IconButton } from '../ui/button.tsx';
import { keepInside } from '../ui/menu.tsx';
import { attempt } from '../ui/toast.tsx';
import type { mastodon } from 'masto';

const usual = ['👍', '❤️', '😂', '🎉', '😮', '😢', '🙏', '🔥'];

// The list after one's own reaction came or went.
export function toggled(list: readonly Reaction[], name: string): Reaction[] {
  const found = list.find(r => r.name === name);
  if (!found) return [...list, { name, count: 1, me: true }];
  const count = found.count + (found.me ? -1 : 1);
  return count <= 0 ? list.filter(r => r !== found) : list.map(r => (r === found ? { ...r, count, me: !r.me } : r));
}

export async function react(p: Post, name: string): Promise<void> {
  const before = p.reactions ?? [], mine = before.find(r => r.name === name)?.me ?? false;
  patch(p.id, { reactions: toggled(before, name) });
  try {
    putStatus(await inTurn(p.id, () => call<mastodon.v1.Status>(mine ? 'DELETE' : 'PUT', `/api/v1/statuses/${p.id}/reactions/${encodeURIComponent(name)}`)));
  } catch (e) {
    patch(p.id, { reactions: before });
    throw e;
  }
}

export function Reactions({ post: p }: { post: Post }) {
  const list = p.reactions ?? [];
  if (list.length === 0) return null;
  return <ul class="reactions" aria-label={t('Reactions')}>{list.map(r => <li key={r.name}>
    <button type="button" aria-pressed={r.me ?? false} onClick={() => void attempt(() => react(p, r.name))}>
      {r.url ? <img class="emoji" src={r.url} alt={`:${r.name}:`} /> : r.name}<span>{compact(r.count)}</span>
    </button></li>)}</ul>;
}

export function ReactionPicker({ post: p }: { post: Post }) {
  const open = useSignal(false);
  const root = useRef<HTMLSpanElement>(null);
  useLayoutEffect(() => {
    if (!open.value) return;
    const box = root.current?.querySelector<HTMLElement>('.picker');
    if (box) keepInside(box);
    box?.querySelector('button')?.focus();
    const away = (e: Event): void => { if (!root.current?.contains(e.target as Node)) open.value = false; };
    document.addEventListener('pointerdown', away);
    return () => document.removeEventListener('pointerdown', away);
  }, [open.value]);
  const choose = (name: string): void => {
    open.value = false;
    void attempt(() => react(p, name));
  };
  return <span class="menu-anchor" ref={root} onKeyDown={e => { if (e.key === 'Escape' && open.value) { open.value = false; e.stopPropagation(); root.current?.querySelector('button')?.focus(); } }}>
    <IconButton icon="smile" label={t('React')} expanded={open.value} class="do-react" onClick={() => { open.value = !open.value; }} />
    {open.value && <div class="menu picker" role="group" aria-label={t('React')}>
      {usual.map(e => <button type="button" onClick={() => choose(e)}>{e}</button>)}
      {emojis.value.filter(e => e.visibleInPicker).slice(0, 40).map(e => <button type="button" title={e.shortcode} onClick={() => choose(e.shortcode)}><img class="emoji" src={e.url} alt={`:${e.shortcode}:`} /></button>)}
    </div>}
  </span>;
}
