// Short messages that go away; read out by screen readers.
import { signal } from '@preact/signals';
import { errorText } from '../api/client.ts';

interface Toast {
  id: number;
  text: string;
  bad: boolean;
}

const toasts = signal<Toast[]>([]);
let next = 0;

export function say(text: string, bad = false): void {
  const id = next++;
  toasts.value = [...toasts.value.slice(-2), { id, text, bad }];
  setTimeout(() => { toasts.value = toasts.value.filter(x => x.id !== id); }, bad ? 8000 : 4000);
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
  return <div class="toasts" role="status" aria-live="polite">{toasts.value.map(x => <p key={x.id} class={x.bad ? 'bad' : ''}>{x.text}</p>)}</div>;
}
