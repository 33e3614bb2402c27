// Opening the composer: over the page, or beside several columns; it is loaded when it is first needed.
import { type Signal, signal } from '@preact/signals';
import { overlay } from '../ui/dialog.tsx';
import { attempt } from '../ui/toast.tsx';
import { type Start, claim, keyOfServerDraft } from './draft.ts';
import type { Session } from './session.ts';

const busy = signal(false);

// Where there is room beside, what is written stands there, one at a time.
export const beside: { has: boolean; turn: number; session: Signal<Session | null> } = { has: false, turn: 0, session: signal(null) };

// What was left off comes back; with a text or a draft of its own it begins beside it.
export async function openComposer(start: Start = {}): Promise<void> {
  if (busy.value) return;
  busy.value = true;
  await attempt(async () => {
    const [{ ComposeDialog }, { Session, settled }] = await Promise.all([import('./composer.tsx'), import('./session.ts')]);
    beside.session.peek()?.leave();
    beside.session.value = null;
    await settled();
    const local = start.draft?.server ? keyOfServerDraft(start.draft.server.id) : null;
    const session = await Session.open(start, await claim(start, Boolean(start.text || start.draft), local));
    beside.turn++;
    if (beside.has) beside.session.value = session;
    else overlay.value = () => <ComposeDialog session={session} onClose={() => { overlay.value = null; }} />;
  });
  busy.value = false;
}
