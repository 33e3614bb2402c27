// Text that is much longer than a window shows its beginning, and all of it when it is asked for.
import { useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { t } from '../i18n/index.ts';

export function Long({ children, open = false }: { children: ComponentChildren; open?: boolean }) {
  const root = useRef<HTMLDivElement>(null), over = useSignal(false), all = useSignal(open);
  useLayoutEffect(() => {
    const e = root.current!;
    over.value = !all.peek() && e.scrollHeight > e.clientHeight + 4;
  });
  return <>
    <div ref={root} class={all.value ? 'long' : `long short ${over.value ? 'over' : ''}`}>{children}</div>
    {over.value && !all.value && <button type="button" class="link long-more" onClick={() => { all.value = true; }}>{t('Show all of it')}</button>}
  </>;
}
