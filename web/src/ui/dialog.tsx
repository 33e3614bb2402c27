// Dialogs on <dialog>: the browser keeps the focus inside and makes the rest inert; the focus goes back to what opened it.
import { type Signal, signal } from '@preact/signals';
import type { ComponentChildren, RefObject } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { t } from '../i18n/index.ts';
import { Button, IconButton } from './button.tsx';

// Opens it when it is drawn.  What had the focus is looked up before anything inside takes it.
export function useModal(): RefObject<HTMLDialogElement | null> {
  const ref = useRef<HTMLDialogElement>(null);
  const before = useRef(document.activeElement);
  useLayoutEffect(() => {
    const d = ref.current!;
    if (!d.open) d.showModal();
    return () => {
      d.close();
      const to = before.current;
      if (to instanceof HTMLElement && to.isConnected && to !== document.body) to.focus({ preventScroll: true });
    };
  }, []);
  return ref;
}

export function Dialog({ title, onClose, children, class: extra = '' }: { title: string; onClose: () => void; children: ComponentChildren; class?: string }) {
  const ref = useModal();
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
