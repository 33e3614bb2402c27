// Opening the composer over the page; it is loaded when it is first needed.
import { signal } from '@preact/signals';
import { overlay } from '../ui/dialog.tsx';
import type { Start } from './draft.ts';

const busy = signal(false);

export function openComposer(start: Start = {}): void {
  if (busy.value) return;
  busy.value = true;
  void import('./composer.tsx').then(({ ComposeDialog }) => {
    overlay.value = () => <ComposeDialog start={start} onClose={() => { overlay.value = null; }} />;
  }).finally(() => { busy.value = false; });
}
