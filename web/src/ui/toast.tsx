// Short messages that go away; read out by screen readers.
import { signal } from '@preact/signals';
import { errorText } from '../api/client.ts';

interface Toast {
  id: number;
  text: string;
  bad: boolean;
  action?: Action;
}

interface Action {
  text: string;
  run: () => void;
}

const toasts = signal<Toast[]>([]);
let next = 0;

const drop = (id: number): void => { toasts.value = toasts.value.filter(x => x.id !== id); };

// With an action it stays longer, so that there is time to choose.
export function say(text: string, bad = false, action?: Action): void {
  const id = next++;
  toasts.value = [...toasts.value.slice(-2), { id, text, bad, action }];
  setTimeout(drop, action ? 10_000 : bad ? 8000 : 4000, id);
}

// Run it; say what went wrong.
export async function attempt(run: () => Promise<unknown>): Promise<boolean> {
  try {
    await run();
    return true;
  } catch (e) {
    say(errorText(e), true);
    return false;
  }
}

const spoken = signal('');
let round = 0;

// For those who listen: what others see happen.  The same words twice in a row are said twice.
export function announce(text: string): void {
  spoken.value = text + (round++ % 2 ? '\u00a0' : '');
}

function Note({ toast: x }: { toast: Toast }) {
  return <p class={x.bad ? 'bad' : ''}>{x.text}{x.action && <button type="button" onClick={() => { drop(x.id); x.action!.run(); }}>{x.action.text}</button>}</p>;
}

// What went wrong interrupts, the rest waits for its turn.
export function Toasts() {
  const good = toasts.value.filter(x => !x.bad), bad = toasts.value.filter(x => x.bad);
  return <>
    <div class="toasts">
      <div role="alert">{bad.map(x => <Note key={x.id} toast={x} />)}</div>
      <div role="status">{good.map(x => <Note key={x.id} toast={x} />)}</div>
    </div>
    <p class="sr" role="status">{spoken.value}</p>
  </>;
}
