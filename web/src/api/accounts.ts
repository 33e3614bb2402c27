// The accounts that are signed in here, and which of them acts.  Kept in localStorage, so that every tab knows them.
import { signal } from '@preact/signals';

export interface Login {
  id: string;
  token: string;
  acct: string;
  name: string;
  avatar: string;
}

const KEY = 'dassie.accounts';
const CURRENT = 'dassie.current';

export function read(text: string | null): Login[] {
  try {
    const list: unknown = JSON.parse(text ?? '[]');
    return Array.isArray(list) ? list.filter((a): a is Login => typeof a?.id === 'string' && typeof a?.token === 'string') : [];
  } catch {
    return [];
  }
}

export const logins = signal<Login[]>(read(localStorage.getItem(KEY)));
// Of this tab: another tab may act as somebody else.
const chosen = sessionStorage.getItem(CURRENT) ?? localStorage.getItem(CURRENT);
export const current = signal<Login | null>(logins.value.find(a => a.id === chosen) ?? logins.value[0] ?? null);

function save(list: Login[]): void {
  logins.value = list;
  if (list.length > 0) localStorage.setItem(KEY, JSON.stringify(list));
  else localStorage.removeItem(KEY);
}

export function remember(login: Login): void {
  save([...logins.value.filter(a => a.id !== login.id), login]);
}

export function forget(id: string): void {
  save(logins.value.filter(a => a.id !== id));
}

// The page is loaded again: nothing of the one account may be left when the other acts.
export function actAs(id: string, path = '/home'): void {
  sessionStorage.setItem(CURRENT, id);
  localStorage.setItem(CURRENT, id);
  location.assign(path);
}

addEventListener('storage', e => {
  if (e.key !== KEY) return;
  logins.value = read(e.newValue);
  const me = current.value, now = me && logins.value.find(a => a.id === me.id);
  if (me && !now) location.assign('/');
  else if (now && now.token !== me.token) location.reload(); // signed in anew in another tab; what this one has has ended
});
