// Choosing an emoji: the server's own by category, Unicode's by kind, found by name.  Arrows move in the grid.
import { useSignal } from '@preact/signals';
import { useEffect, useLayoutEffect, useMemo, useRef } from 'preact/hooks';
import { msg, t } from '../i18n/index.ts';
import { emojis } from '../store/me.ts';
import { prefer, preferences } from '../store/preferences.ts';
import { Failed, Spinner } from '../ui/bits.tsx';
import { ranked } from './complete.ts';
import { type EmojiGroup, type PlainEmoji, emojiGroups, findEmoji, inTone } from './emoji.ts';

interface Entry {
  write: string;
  name: string;
  url?: string;
}

interface Group {
  title: string;
  list: Entry[];
}

function own(): Group[] {
  const by = new Map<string, Entry[]>();
  for (const e of emojis.value.filter(x => x.visibleInPicker)) {
    const key = e.category ?? '';
    by.set(key, [...(by.get(key) ?? []), { write: `:${e.shortcode}:`, name: e.shortcode, url: e.staticUrl }]);
  }
  return [...by].map(([title, list]) => ({ title: title || t('Of this server'), list }));
}

const tones = [msg('No skin tone'), msg('Light skin tone'), msg('Medium-light skin tone'), msg('Medium skin tone'), msg('Medium-dark skin tone'), msg('Dark skin tone')];
const hands = ['✋', '✋🏻', '✋🏼', '✋🏽', '✋🏾', '✋🏿'];

function Tones() {
  return <fieldset class="emoji-tones"><legend class="sr">{t('Skin tone')}</legend>
    {tones.map((text, i) => <label key={text} title={t(text)}><input class="sr" type="radio" name="tone" checked={preferences.value.tone === i} onChange={() => prefer({ tone: i })} /><span aria-hidden="true">{hands[i]}</span><span class="sr">{t(text)}</span></label>)}
  </fieldset>;
}

export function EmojiPicker({ onPick, onClose }: { onPick: (text: string) => void; onClose: () => void }) {
  const plain = useSignal<EmojiGroup[] | null>(null), error = useSignal<unknown>(null);
  const load = (): void => {
    error.value = null;
    emojiGroups().then(g => { plain.value = g; }, e => { error.value = e; });
  };
  useEffect(load, []);
  const tone = preferences.value.tone, entry = (e: PlainEmoji): Entry => ({ write: inTone(e, tone), name: e.name });
  const mine = useMemo(own, [emojis.value]), all: Group[] = [...mine, ...(plain.value ?? []).map(g => ({ title: t(g.title), list: g.list.map(entry) }))];
  const at = useSignal(0), word = useSignal('');
  const root = useRef<HTMLDivElement>(null), search = useRef<HTMLInputElement>(null);
  useLayoutEffect(() => { search.current?.focus(); }, []);
  const wanted = word.value.trim();
  const shown = wanted ? [...ranked(mine.flatMap(g => g.list), wanted, e => e.name, 64), ...findEmoji(plain.value ?? [], wanted, 64).map(entry)].slice(0, 64) : all[at.value]?.list ?? [];

  const onKeyDown = (e: KeyboardEvent): void => {
    if (e.key === 'Escape') {
      e.preventDefault();
      e.stopPropagation();
      onClose();
      return;
    }
    if ((e.target as Element).matches('[type=radio]')) return;
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
    <Tones />
    {error.value ? <Failed error={error.value} retry={load} /> : !plain.value ? <Spinner /> : shown.length === 0 && <p class="quiet">{t('Nothing found')}</p>}
  </div>;
}
