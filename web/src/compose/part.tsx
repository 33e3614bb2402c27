// One post of what is being written: warning, text with completion, files, poll, and how much room is left.
import { useSignal } from '@preact/signals';
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import { t, tn } from '../i18n/index.ts';
import { Avatar } from '../ui/bits.tsx';
import { IconButton } from '../ui/button.tsx';
import { Attachments } from './attachments.tsx';
import { type Choice, type Token, choices, insert, tokenAt, written } from './complete.ts';
import type { Attachment, Part } from './draft.ts';
import { PollEditor } from './poll-editor.tsx';
import { type Limits, leftOf } from './rules.ts';
import type { Upload } from './upload.ts';

interface Props {
  part: Part;
  index: number;
  of: number;
  limits: Limits;
  uploads: Upload[];
  placeholder: string;
  edits: boolean;
  onChange: (c: Partial<Part>) => void;
  onFocus: (area: HTMLTextAreaElement) => void;
  onRemove: () => void;
  onDescribe: (a: Attachment) => void;
  onRetry: (u: Upload) => void;
  onDrop: (u: Upload) => void;
}

function Row({ choice: c }: { choice: Choice }) {
  switch (c.kind) {
    case 'person': return <><Avatar person={c.person} size={24} /><b>{c.person.displayName || c.person.username}</b> <bdi class="handle">@{c.person.acct}</bdi></>;
    case 'tag': return <><b>#{c.name}</b>{c.uses > 0 && <span class="quiet">{tn('{0} post today', '{0} posts today', c.uses)}</span>}</>;
    case 'custom': return <><img class="emoji" src={c.emoji.staticUrl} alt="" /><span>:{c.emoji.shortcode}:</span></>;
    case 'emoji': return <><span class="emoji-sign">{c.emoji}</span><span>{c.name}</span></>;
  }
}

// The list below the text while a name, a tag or an emoji is typed.
function useCompletion(area: { current: HTMLTextAreaElement | null }, onText: (text: string, caret: number) => void) {
  const list = useSignal<Choice[]>([]), at = useSignal(0);
  const token = useRef<Token | null>(null), timer = useRef(0);
  const close = (): void => {
    clearTimeout(timer.current);
    token.current = null;
    list.value = [];
  };
  useEffect(() => close, []);
  const look = (): void => {
    const a = area.current, found = a && a.selectionStart === a.selectionEnd ? tokenAt(a.value, a.selectionStart) : null;
    if (!found) return close();
    if (token.current && found.word === token.current.word && found.from === token.current.from) return;
    token.current = found;
    clearTimeout(timer.current);
    timer.current = window.setTimeout(() => {
      choices(found).then(c => {
        if (token.current !== found) return;
        list.value = c;
        at.value = 0;
      }, () => undefined); // no list: one can type on
    }, found.kind === ':' ? 60 : 180);
  };
  const take = (c: Choice): void => {
    const a = area.current, from = token.current?.from;
    if (!a || from === undefined) return;
    const r = insert(a.value, from, a.selectionStart, written(c));
    close();
    onText(r.text, r.caret);
  };
  const onKeyDown = (e: KeyboardEvent): boolean => {
    const n = list.value.length;
    if (n === 0 || e.ctrlKey || e.metaKey || e.altKey) return false;
    if (e.key === 'ArrowDown') at.value = (at.value + 1) % n;
    else if (e.key === 'ArrowUp') at.value = (at.value + n - 1) % n;
    else if (e.key === 'Enter' || e.key === 'Tab') take(list.value[at.value]!);
    else if (e.key === 'Escape') close();
    else return false;
    e.preventDefault();
    e.stopPropagation();
    return true;
  };
  return { list, at, look, take, onKeyDown, close };
}

export function PartEditor(p: Props) {
  const { part, index } = p, id = `composer-text${index === 0 ? '' : `-${index}`}`;
  const area = useRef<HTMLTextAreaElement>(null);
  const left = leftOf(part, p.limits);
  // Behind what was taken in, before the next letter comes.
  const caret = useRef<number | null>(null);
  useLayoutEffect(() => {
    if (caret.current === null) return;
    area.current?.focus();
    area.current?.setSelectionRange(caret.current, caret.current);
    caret.current = null;
  });
  const complete = useCompletion(area, (text, at) => {
    caret.current = at;
    p.onChange({ text });
  });
  const listId = `${id}-list`;
  return <div class="part" role={p.of > 1 ? 'group' : undefined} aria-label={p.of > 1 ? t('Post {0} of {1}', index + 1, p.of) : undefined}>
    {p.of > 1 && <div class="part-head"><span class="quiet">{t('Post {0} of {1}', index + 1, p.of)}</span><IconButton icon="trash" label={t('Remove this post')} onClick={p.onRemove} /></div>}
    {part.warning !== null && <><label class="sr" for={`${id}-warning`}>{t('Content warning')}</label>
      <input id={`${id}-warning`} class="composer-warning" dir="auto" value={part.warning} placeholder={t('Content warning')} onInput={e => p.onChange({ warning: e.currentTarget.value })} /></>}
    <label class="sr" for={id}>{t('Text of the post')}</label>
    <textarea id={id} ref={area} dir="auto" rows={p.of > 1 ? 3 : 5} autoFocus={index === 0} value={part.text} placeholder={p.placeholder} aria-describedby={`${id}-left`} data-part={part.key}
      aria-autocomplete="list" aria-controls={complete.list.value.length ? listId : undefined} aria-activedescendant={complete.list.value.length ? `${listId}-${complete.at.value}` : undefined}
      onInput={e => { p.onChange({ text: e.currentTarget.value }); complete.look(); }} onFocus={e => p.onFocus(e.currentTarget)} onClick={complete.look}
      onKeyUp={e => { if (e.key.startsWith('Arrow') && complete.list.value.length === 0 || e.key === 'ArrowLeft' || e.key === 'ArrowRight') complete.look(); }} onKeyDown={e => { complete.onKeyDown(e); }}
      onBlur={() => setTimeout(() => { if (document.activeElement !== area.current) complete.close(); }, 150)} />
    {complete.list.value.length > 0 && <ul class="completion" id={listId} role="listbox" aria-label={t('Suggestions')}>
      {complete.list.value.map((c, i) => <li key={written(c)} id={`${listId}-${i}`} role="option" aria-selected={i === complete.at.value} onPointerDown={e => { e.preventDefault(); complete.take(c); }}><Row choice={c} /></li>)}
    </ul>}
    <Attachments media={part.media} uploads={p.uploads} sensitive={part.sensitive} onChange={media => p.onChange({ media })} onSensitive={sensitive => p.onChange({ sensitive })}
      onDescribe={p.onDescribe} onRetry={p.onRetry} onDrop={p.onDrop} />
    {part.poll && <PollEditor poll={part.poll} limits={p.limits} fixed={p.edits} onChange={poll => p.onChange({ poll })} />}
    <output id={index === 0 ? 'composer-left' : `${id}-left`} class={left < 0 ? 'left bad' : 'left'}><span id={index === 0 ? `${id}-left` : undefined} class="sr">{tn('{0} character left', '{0} characters left', left)}</span><span aria-hidden="true">{left}</span></output>
  </div>;
}
