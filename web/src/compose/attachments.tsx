// The files of a post while it is written: small pictures, their order, their descriptions, what is still on its way.
import { useSignal } from '@preact/signals';
import { useRef } from 'preact/hooks';
import { percent, t } from '../i18n/index.ts';
import { Button, IconButton } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Icon } from '../ui/icon.tsx';
import { attempt } from '../ui/toast.tsx';
import { graphemes } from './count.ts';
import type { Attachment } from './draft.ts';
import { type Upload, focusAt, focusOf } from './upload.ts';

export function moved<T>(list: readonly T[], from: number, to: number): T[] {
  const rest = list.filter((_, i) => i !== from);
  return [...rest.slice(0, to), list[from]!, ...rest.slice(to)];
}

interface Props {
  media: Attachment[];
  uploads: Upload[];
  sensitive: boolean;
  onChange: (media: Attachment[]) => void;
  onSensitive: (on: boolean) => void;
  onDescribe: (a: Attachment) => void;
  onRetry: (u: Upload) => void;
  onDrop: (u: Upload) => void;
}

export function Attachments({ media, uploads, sensitive, onChange, onSensitive, onDescribe, onRetry, onDrop }: Props) {
  const dragged = useRef(-1);
  if (media.length + uploads.length === 0) return null;
  return <div class="attachments">
    <ul>
      {media.map((a, i) => <li key={a.id} draggable onDragStart={e => { dragged.current = i; e.dataTransfer?.setData('text/plain', ''); }} onDragOver={e => { if (dragged.current >= 0) e.preventDefault(); }}
        onDrop={e => { if (dragged.current >= 0) { e.preventDefault(); e.stopPropagation(); onChange(moved(media, dragged.current, i)); } dragged.current = -1; }} onDragEnd={() => { dragged.current = -1; }}>
        {a.type === 'audio' || !a.previewUrl ? <span class="no-picture"><Icon name="play" /></span>
          : <img src={a.previewUrl} alt={a.description ?? ''} style={{ objectPosition: `${(focusOf(a).x + 1) * 50}% ${(1 - focusOf(a).y) * 50}%` }} draggable={false} />}
        <div class="attachment-bar">
          <button type="button" class={a.description ? 'describe' : 'describe missing'} onClick={() => onDescribe(a)}><Icon name={a.description ? 'check' : 'warning'} /> {t('Describe')}</button>
          {i > 0 && <IconButton icon="previous" label={t('Move to the front')} onClick={() => onChange(moved(media, i, i - 1))} />}
          {i < media.length - 1 && <IconButton icon="next" label={t('Move to the back')} onClick={() => onChange(moved(media, i, i + 1))} />}
          <IconButton icon="close" label={t('Remove the file')} onClick={() => onChange(media.filter(x => x !== a))} />
        </div>
      </li>)}
      {uploads.map(u => <li key={u.key} class="uploading">
        <span class="no-picture"><Icon name={u.error ? 'warning' : 'image'} /></span>
        <p class="quiet">{u.error ?? (u.progress < 1 ? t('Sending {0}: {1}', u.file.name, percent(u.progress)) : t('{0} is made ready', u.file.name))}</p>
        {!u.error && <progress value={u.progress < 1 ? u.progress : undefined} max={1} aria-label={u.file.name} />}
        <div class="attachment-bar">{u.error && <IconButton icon="refresh" label={t('Try again')} onClick={() => onRetry(u)} />}<IconButton icon="close" label={t('Remove the file')} onClick={() => onDrop(u)} /></div>
      </li>)}
    </ul>
    {media.length > 0 && <label class="check"><input type="checkbox" checked={sensitive} onChange={e => onSensitive(e.currentTarget.checked)} /> {t('Hide behind a notice (sensitive)')}</label>}
  </div>;
}

// What it shows, for who cannot see it, and the point that every crop keeps.
export function DescribeDialog({ file, limit, onSave, onClose }: { file: Attachment; limit: number; onSave: (description: string, focus: { x: number; y: number }) => Promise<void>; onClose: () => void }) {
  const text = useSignal(file.description ?? ''), focus = useSignal(focusOf(file)), busy = useSignal(false);
  const left = limit - graphemes(text.value), picture = file.type === 'image' && file.previewUrl;
  const save = async (): Promise<void> => {
    if (busy.peek()) return;
    busy.value = true;
    if (await attempt(() => onSave(text.value.trim(), focus.value))) onClose();
    busy.value = false;
  };
  const step = (e: KeyboardEvent): void => {
    const by: Record<string, [number, number]> = { ArrowLeft: [-.1, 0], ArrowRight: [.1, 0], ArrowUp: [0, .1], ArrowDown: [0, -.1] }, d = by[e.key];
    if (!d) return;
    e.preventDefault();
    const clamp = (v: number): number => Math.max(-1, Math.min(1, v));
    focus.value = { x: clamp(focus.value.x + d[0]), y: clamp(focus.value.y + d[1]) };
  };
  return <Dialog title={t('Describe the file')} onClose={onClose} class="describe-dialog">
    {picture && <><button type="button" class="focal-picker" aria-label={t('Middle of the picture: choose with the arrow keys or a click')} onKeyDown={step}
      onClick={e => { if (e.detail > 0) focus.value = focusAt(e.clientX, e.clientY, e.currentTarget.querySelector('img')!.getBoundingClientRect()); }}>
      <img src={file.url ?? file.previewUrl!} alt="" />
      <span class="focal-point" style={{ left: `${(focus.value.x + 1) * 50}%`, top: `${(1 - focus.value.y) * 50}%` }} /></button>
    <p class="quiet">{t('The ring marks what stays visible when the picture is cropped.')}</p></>}
    <label class="stacked"><span>{t('Description')}</span>
      <textarea dir="auto" rows={4} value={text.value} placeholder={t('What would you tell somebody who cannot see it?')} onInput={e => { text.value = e.currentTarget.value; }}
        onKeyDown={e => { if (e.key === 'Enter' && (e.ctrlKey || e.metaKey)) { e.preventDefault(); void save(); } }} /></label>
    <div class="actions"><Button kind="main" busy={busy.value} disabled={left < 0} onClick={() => void save()}>{t('Save')}</Button><Button onClick={onClose}>{t('Cancel')}</Button>
      <span class={left < 0 ? 'left bad' : 'left'}>{left}</span></div>
  </Dialog>;
}
