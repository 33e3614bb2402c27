// The session was ended elsewhere.  Who was writing writes on after signing in, at the same place.
import { signIn } from '../api/oauth.ts';
import { openComposer } from '../compose/open.tsx';
import type { Start } from '../compose/draft.ts';
import { t } from '../i18n/index.ts';
import { Button } from '../ui/button.tsx';

const WRITING = 'dassie.writing';

// writing: what the composer is open for; its words are in localStorage.
export function Lost({ writing }: { writing?: Start }) {
  const go = (): void => {
    if (writing) sessionStorage.setItem(WRITING, JSON.stringify({ reply: writing.reply, quote: writing.quote, edit: writing.edit }));
    void signIn(location.pathname + location.search);
  };
  return <div class="lost" role="alert">
    <p>{t('You have been signed out. What you have written is kept.')}</p>
    <Button kind="main" onClick={go}>{t('Sign in again')}</Button>
  </div>;
}

export function writeOn(): void {
  const start = sessionStorage.getItem(WRITING);
  sessionStorage.removeItem(WRITING);
  if (start) void openComposer(JSON.parse(start) as Start);
}
