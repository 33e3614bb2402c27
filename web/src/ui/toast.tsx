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

export function Toasts() {
  return <div class="toasts" role="status" aria-live="polite">{toasts.value.map(x => <p key={x.id} class={x.bad ? 'bad' : ''}>{x.text}
    {x.action && <button type="button" onClick={() => { drop(x.id); x.action!.run(); }}>{x.action.text}</button>}</p>)}</div>;
}
