// Opening the composer over the page; it is loaded when it is first needed.
import { signal } from '@preact/signals';
import { overlay } from '../ui/dialog.tsx';
import { attempt } from '../ui/toast.tsx';
import { type Start, claim, keyOfServerDraft } from './draft.ts';

const busy = signal(false);

// What was left off comes back; with a text or a draft of its own it begins beside it.
export async function openComposer(start: Start = {}): Promise<void> {
  if (busy.value) return;
  busy.value = true;
  await attempt(async () => {
    const [{ ComposeDialog }, { Session, settled }] = await Promise.all([import('./composer.tsx'), import('./session.ts')]);
    await settled();
    const local = start.draft?.server ? keyOfServerDraft(start.draft.server.id) : null;
    const session = await Session.open(start, await claim(start, Boolean(start.text || start.draft), local));
    overlay.value = () => <ComposeDialog session={session} onClose={() => { overlay.value = null; }} />;
  });
  busy.value = false;
}
