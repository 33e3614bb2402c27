// The client begins: language, who acts, router, then the page is ours.
import { render } from 'preact';
import { actAs, current, logins } from './api/accounts.ts';
import { startWorker } from './api/worker.ts';
import { finishSignIn, signIn } from './api/oauth.ts';
import { App } from './app/shell.tsx';
import { writeOn } from './app/lost.tsx';
import { navigate, startRouter } from './app/router.ts';
import { find } from './app/routes.ts';
import { pick, setLanguage, t } from './i18n/index.ts';
import { loadMe } from './store/me.ts';
import { preferences } from './store/preferences.ts';

function message(text: string): void {
  document.body.replaceChildren(Object.assign(document.createElement('p'), { className: 'message', textContent: text }));
}

// The stylesheet of the server's own pages goes: what both share is in ours.
function takeOver(): void {
  for (const link of document.querySelectorAll<HTMLLinkElement>('link[rel=stylesheet][href$="/base.css"]')) link.remove();
  for (const old of document.querySelectorAll('link[rel=canonical], link[rel=alternate], meta[name=description], meta[property]')) old.remove();
  document.body.className = 'client';
  document.body.replaceChildren();
}

async function start(): Promise<void> {
  await setLanguage(pick([preferences.value.language, ...navigator.languages].filter(Boolean)));
  if (location.pathname === '/signed-in') {
    if (!await finishSignIn(new URLSearchParams(location.search)))
      if (current.value) location.replace('/home');
      else message(t('Signing in did not work. Please go back to the start page and try again.'));
    return;
  }
  const as = location.pathname === '/start' ? new URLSearchParams(location.search).get('as') : null;
  if (current.value && as && current.value.acct !== as) { // somebody who just signed up, in a browser that knows others
    const known = logins.value.find(a => a.acct === as);
    if (known) actAs(known.id, '/start');
    else await signIn('/start');
    return;
  }
  if (!current.value) {
    await signIn(location.pathname + location.search);
    return;
  }
  takeOver();
  startRouter(path => find(path) !== null);
  if (location.pathname === '/') navigate('/home', true);
  void loadMe();
  startWorker(path => navigate(path));
  // A file that is dropped beside the composer would take the page's place.
  for (const what of ['dragover', 'drop'] as const) addEventListener(what, e => { if (e.dataTransfer?.types.includes('Files')) e.preventDefault(); });
  render(<App />, document.body);
  writeOn();
  // So that a key opens the composer at once.
  setTimeout(() => void import('./compose/composer.tsx'), 3000);
}

void start();
