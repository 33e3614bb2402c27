// Pictures as large as the window: arrows and swipes move, the description stands below.
import { useSignal } from '@preact/signals';
import type { mastodon } from 'masto';
import { useRef } from 'preact/hooks';
import { t } from '../i18n/index.ts';
import { mayMove } from '../store/preferences.ts';
import { IconButton } from '../ui/button.tsx';
import { overlay, useModal } from '../ui/dialog.tsx';

type Attachment = mastodon.v1.MediaAttachment;

// What stands on the right is the next one, unless the page runs from right to left.
const toRight = (): 1 | -1 => (document.documentElement.dir === 'rtl' ? -1 : 1);

// Two fingers enlarge; then one moves within the picture, not to the next.
const zoomed = (): boolean => (visualViewport?.scale ?? 1) > 1.01;

function Viewer({ list, start, onClose }: { list: readonly Attachment[]; start: number; onClose: () => void }) {
  const ref = useModal();
  const at = useSignal(start);
  const x = useRef(0);
  const move = (by: number): void => { at.value = Math.min(list.length - 1, Math.max(0, at.value + by)); };
  const m = list[at.value]!;
  return <dialog ref={ref} class="viewer" aria-label={t('Picture {0} of {1}', at.value + 1, list.length)} onCancel={e => { e.preventDefault(); onClose(); }}
    onKeyDown={e => { if (e.key === 'ArrowRight') move(toRight()); if (e.key === 'ArrowLeft') move(-toRight()); }}
    onPointerDown={e => { x.current = e.clientX; }} onPointerUp={e => { if (!zoomed() && Math.abs(e.clientX - x.current) > 60) move(e.clientX < x.current ? toRight() : -toRight()); }}>
    <div class="viewer-stage" onClick={e => { if (e.target === e.currentTarget) onClose(); }}>
      {m.type === 'gifv' || m.type === 'video'
        ? <video key={m.id} src={m.url ?? undefined} controls loop={m.type === 'gifv'} autoPlay={at.value === start || mayMove()} muted={m.type === 'gifv'} aria-label={m.description ?? undefined} />
        : <img key={m.id} src={m.url ?? m.previewUrl ?? undefined} alt={m.description ?? ''} draggable={false} />}
    </div>
    {m.description && <p class="viewer-text" dir="auto">{m.description}</p>}
    <div class="viewer-bar">
      {list.length > 1 && <IconButton icon="previous" label={t('Previous')} disabled={at.value === 0} onClick={() => move(-1)} />}
      {list.length > 1 && <span>{at.value + 1} / {list.length}</span>}
      {list.length > 1 && <IconButton icon="next" label={t('Next')} disabled={at.value === list.length - 1} onClick={() => move(1)} />}
      <IconButton icon="close" label={t('Close')} onClick={onClose} />
    </div>
  </dialog>;
}

export function openViewer(list: readonly Attachment[], at: number): void {
  const pictures = list.filter(m => m.type === 'image' || m.type === 'gifv'), start = pictures.indexOf(list[at]!);
  overlay.value = () => <Viewer list={pictures} start={Math.max(0, start)} onClose={() => { overlay.value = null; }} />;
}
