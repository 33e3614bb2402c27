// Choosing an emoji: the server's own by category, Unicode's by kind, found by name.  Arrows move in the grid.
import { useSignal } from '@preact/signals';
import { useEffect, useMemo, useRef } from 'preact/hooks';
import { t } from '../i18n/index.ts';
import { emojis } from '../store/me.ts';
import { ranked } from './complete.ts';
import { emojiGroups } from './emoji.ts';

interface Entry {
  write: string;
  name: string;
  url?: string;
}

interface Group {
  title: string;
  own: boolean;
  list: Entry[];
}

function groups(): Group[] {
  const own = new Map<string, Entry[]>();
  for (const e of emojis.value.filter(x => x.visibleInPicker)) {
    const key = e.category ?? '';
    own.set(key, [...(own.get(key) ?? []), { write: `:${e.shortcode}:`, name: e.shortcode, url: e.staticUrl }]);
  }
  return [...[...own].map(([title, list]) => ({ title: title || t('Of this server'), own: true, list })),
    ...emojiGroups().map(g => ({ title: t(g.title), own: false, list: g.list.map(e => ({ write: e.emoji, name: e.name })) }))];
}

export function EmojiPicker({ onPick, onClose }: { onPick: (text: string) => void; onClose: () => void }) {
  const all = useMemo(groups, [emojis.value]);
  const at = useSignal(0), word = useSignal('');
  const root = useRef<HTMLDivElement>(null), search = useRef<HTMLInputElement>(null);
  useEffect(() => { search.current?.focus(); }, []);
  const shown = word.value.trim() ? ranked(all.flatMap(g => g.list), word.value.trim(), e => e.name, 64) : all[at.value]?.list ?? [];

  const onKeyDown = (e: KeyboardEvent): void => {
    if (e.key === 'Escape') {
      e.preventDefault();
      e.stopPropagation();
      onClose();
      return;
    }
    const cells = [...(root.current?.querySelectorAll<HTMLElement>('.emoji-grid button') ?? [])], here = cells.indexOf(document.activeElement as HTMLElement);
    if (here < 0) {
      if (e.key === 'ArrowDown' && cells[0]) { e.preventDefault(); cells[0].focus(); }
      return;
    }
    const columns = Math.max(1, cells.filter(c => c.offsetTop === cells[0]!.offsetTop).length);
    const by: Record<string, number> = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -columns, ArrowDown: columns }, d = by[e.key];
    if (d === undefined) return;
    e.preventDefault();
    if (here + d < 0) search.current?.focus();
    else cells[Math.min(cells.length - 1, here + d)]?.focus();
  };

  return <div class="emoji-picker" ref={root} role="group" aria-label={t('Emoji')} onKeyDown={onKeyDown}>
    <label class="sr" for="emoji-search">{t('Find an emoji')}</label>
    <input id="emoji-search" ref={search} type="search" value={word.value} placeholder={t('Find an emoji')} autocomplete="off" onInput={e => { word.value = e.currentTarget.value; }}
      onKeyDown={e => { if (e.key === 'Enter') { e.preventDefault(); if (shown[0] && word.value.trim()) onPick(shown[0].write); } }} />
    {!word.value.trim() && <div class="emoji-groups">{all.map((g, i) => <button type="button" key={i} aria-pressed={i === at.value} title={g.title} aria-label={g.title} onClick={() => { at.value = i; }}>
      {g.list[0]?.url ? <img class="emoji" src={g.list[0].url} alt="" /> : g.list[0]?.write}</button>)}</div>}
    {!word.value.trim() && <p class="quiet emoji-title">{all[at.value]?.title}</p>}
    <div class="emoji-grid">{shown.map((e, i) => <button type="button" key={e.write} tabIndex={i === 0 ? 0 : -1} title={e.name} aria-label={e.name} onClick={() => onPick(e.write)}>
      {e.url ? <img class="emoji" src={e.url} alt="" loading="lazy" /> : e.write}</button>)}</div>
    {shown.length === 0 && <p class="quiet">{t('Nothing found')}</p>}
  </div>;
}
