// Dialogs on <dialog>: the browser keeps the focus inside, makes the rest inert and gives the focus back.
import { type Signal, signal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { t } from '../i18n/index.ts';
import { Button, IconButton } from './button.tsx';

export function Dialog({ title, onClose, children, class: extra = '' }: { title: string; onClose: () => void; children: ComponentChildren; class?: string }) {
  const ref = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const d = ref.current!;
    d.showModal();
    return () => d.close();
  }, []);
  return <dialog ref={ref} class={`dialog ${extra}`} aria-label={title} onCancel={e => { e.preventDefault(); onClose(); }}
    onClick={e => { if (e.target === ref.current) onClose(); }}>
    <div class="dialog-in">
      <header><h2>{title}</h2><IconButton icon="close" label={t('Close')} onClick={onClose} /></header>
      {children}
    </div>
  </dialog>;
}

// What stands over the page; views push a function that draws it.
export const overlay: Signal<(() => ComponentChildren) | null> = signal(null);

export function show(draw: (close: () => void) => ComponentChildren): void {
  overlay.value = () => draw(() => { overlay.value = null; });
}

export function confirm(title: string, text: string, action: string): Promise<boolean> {
  return new Promise(answer => show(close => {
    const say = (yes: boolean): void => { close(); answer(yes); };
    return <Dialog title={title} onClose={() => say(false)} class="small">
      <p>{text}</p>
      <div class="actions"><Button kind="danger" onClick={() => say(true)}>{action}</Button><Button onClick={() => say(false)}>{t('Cancel')}</Button></div>
    </Dialog>;
  }));
}
