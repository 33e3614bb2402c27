// Preferences that follow their person to other devices: the server keeps them with the account, this browser has a copy that shows at once.
// The size of the text stays here, because it belongs to a screen and how far away it is.
import { current } from '../api/accounts.ts';
import { type CallError, call, errorText } from '../api/client.ts';
import { pick, setLanguage, t } from '../i18n/index.ts';
import { say } from '../ui/toast.tsx';
import { type Kept, known, ofChange } from './kept.ts';
import { onPrefer, prefer, preferences } from './preferences.ts';

const PATH = '/api/v1/client_settings';
const account = (): string => current.peek()?.id ?? '';
const key = (): string => `dassie.preferences.unsent.${account()}`;

let unsent: Kept = {};
let sending = false;
let told = false; // that it could not be sent
let again = 0, pause = 0; // the timer of the next try, and how long it waits
let chosen = 0; // how often something was chosen here: an answer from before undoes no later choice

function setUnsent(next: Kept): void {
  unsent = next;
  if (Object.keys(next).length > 0) localStorage.setItem(key(), JSON.stringify(next));
  else localStorage.removeItem(key());
}

// What was sent and not changed again since is done.
function done(sent: Kept): void {
  setUnsent(Object.fromEntries(Object.entries(unsent).filter(([k, v]) => v !== sent[k as keyof Kept])) as Kept);
}

const FIRST_MS = 5000, LAST_MS = 300_000;

// The stream may be there while answers fail: then nothing else asks again.
function later(): void {
  clearTimeout(again);
  pause = Math.min(Math.max(2 * pause, FIRST_MS), LAST_MS);
  again = window.setTimeout(() => void loadSettings(), pause);
}

function worked(): void {
  clearTimeout(again);
  pause = 0;
}

// One request at a time; what the server could not take goes with the next change, when the stream is back, or after a while.
async function send(): Promise<void> {
  if (sending || !account()) return;
  sending = true;
  try {
    while (Object.keys(unsent).length > 0) {
      const sent = unsent;
      await call('PUT', PATH, { settings: sent }, {}, { keepalive: true });
      done(sent);
      worked();
      if (told) say(t('Your settings are kept with your account again.'));
      told = false;
    }
  } catch (e) {
    const status = (e as CallError).statusCode ?? 0;
    if (status === 401) return; // the page says so, and they wait for who comes back
    if (status >= 400 && status < 500 && status !== 408 && status !== 429) { // never taken: it stays in this browser
      setUnsent({});
      say(errorText(e), true);
      return;
    }
    if (!told) say(t('Kept in this browser for now: your server could not be told.'), true);
    told = true;
    later();
  } finally {
    sending = false;
  }
}

function take(theirs: Kept): void {
  const { columns, ...rest } = theirs, before = preferences.peek().language;
  prefer({ ...rest, ...(columns ? { columns: { ...preferences.peek().columns, [account()]: columns } } : {}) }, true);
  if (rest.language !== undefined && rest.language !== before) void setLanguage(pick([rest.language, ...navigator.languages].filter(Boolean)));
}

// What the server has takes the place of what is here, but for what it was not told yet.
export async function loadSettings(): Promise<void> {
  try {
    const before = chosen, theirs = known((await call<{ settings: unknown }>('GET', PATH)).settings), mine = preferences.peek().columns[account()];
    if (!theirs.columns && mine && !unsent.columns) setUnsent({ ...unsent, columns: mine }); // chosen before the server kept them
    if (before !== chosen) return await loadSettings();
    take(Object.fromEntries(Object.entries(theirs).filter(([k]) => !(k in unsent))) as Kept);
    if (Object.keys(unsent).length === 0) worked();
    await send();
  } catch (e) {
    errorText(e);
    if ((e as CallError).statusCode !== 401) later();
  }
}

export function startSettings(): void {
  try {
    unsent = known(JSON.parse(localStorage.getItem(key()) ?? '{}'));
  } catch {
    unsent = {};
  }
  onPrefer(change => {
    const more = ofChange(change, account());
    if (Object.keys(more).length === 0) return;
    chosen++;
    setUnsent({ ...unsent, ...more });
    void send();
  });
  void loadSettings();
}
