// What the worker keeps for when there is no network, and under which name.  Logic without a browser: web/test/worker.test.ts.
const kept = /^\/api\/(v1\/(timelines\/(home|public)|accounts\/verify_credentials|custom_emojis|lists|conversations|bookmarks|preferences|statuses\/\d+(\/context)?)|v2\/(instance|notifications))$/;

export type Way = 'immutable' | 'page' | 'seen' | 'last' | 'network';

// outlives: asked for by a page that may be gone before the answer.  What a worker leaves to the browser ends with the page even so (Chromium),
// so the worker sends it.
export function wayOf(method: string, url: URL, origin: string, navigates: boolean, authorized: boolean, outlives = false): Way {
  if (url.origin !== origin) return 'network';
  if (method !== 'GET') return outlives ? 'last' : 'network';
  if (url.pathname.startsWith('/static/client/')) return 'immutable';
  if (navigates) return /^\/(auth|oauth|api|media|settings\/(security|sessions)|about|signed-in)(\/|$)/.test(url.pathname) ? 'network' : 'page';
  return authorized && kept.test(url.pathname) ? 'seen' : 'network';
}

// Accounts of one browser do not see each other's answers: the name has a hash of the token in it.
export function nameOf(url: URL, who: string): string {
  const named = new URL(url);
  named.searchParams.set('kept-for', who);
  return named.href;
}

export interface Message {
  title: string;
  body: string;
  icon: string;
  notificationId: string;
  token: string;
}

// The payload of a push, as the server writes it; null for anything else.
export function read(text: string): Message | null {
  try {
    const m = JSON.parse(text) as Record<string, unknown>;
    const of = (key: string): string => (typeof m[key] === 'string' || typeof m[key] === 'number' ? String(m[key]) : '');
    return of('title') === '' ? null : { title: of('title'), body: of('body'), icon: of('icon'), notificationId: of('notification_id'), token: of('access_token') };
  } catch {
    return null;
  }
}

// Where a click on a notification leads.
export function pathOf(n: { status?: { id: string; account: { acct: string } } | null; account?: { acct: string }; type?: string } | null): string {
  if (n?.status) return `/@${n.status.account.acct}/${n.status.id}`;
  if (n?.type === 'follow' && n.account) return `/@${n.account.acct}`;
  return '/notifications';
}
