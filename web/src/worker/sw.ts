// The service worker: what was seen last when there is no network, and notifications while no page is open.
import { nameOf, pathOf, read, wayOf } from './keep.ts';

// Of the browser's types only what is used here; the page's own are of another kind.
interface Extendable extends Event {
  waitUntil: (p: Promise<unknown>) => void;
}
interface Fetch extends Extendable {
  request: Request;
  respondWith: (p: Promise<Response>) => void;
}
interface Push extends Extendable {
  data: { text: () => string } | null;
}
interface Click extends Extendable {
  notification: Notification;
}
interface Page {
  url: string;
  focus: () => Promise<Page>;
  postMessage: (m: unknown) => void;
}
const worker = self as unknown as {
  addEventListener: (type: string, f: (e: never) => void) => void;
  skipWaiting: () => Promise<void>;
  registration: ServiceWorkerRegistration;
  clients: { claim: () => Promise<void>; matchAll: (o: { type: 'window'; includeUncontrolled: boolean }) => Promise<Page[]>; openWindow: (url: string) => Promise<unknown> };
};

const FILES = 'dassie-files', SEEN = 'dassie-seen', SHELL = '/home';
const FILES_MAX = 150, SEEN_MAX = 80;

async function put(cache: string, name: string, answer: Response, max: number): Promise<void> {
  const c = await caches.open(cache);
  await c.delete(name); // so that the newest stand last
  await c.put(name, answer);
  const keys = await c.keys();
  await Promise.all(keys.slice(0, Math.max(0, keys.length - max)).map(k => c.delete(k)));
}

async function who(request: Request): Promise<string> {
  const hash = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(request.headers.get('Authorization') ?? ''));
  return [...new Uint8Array(hash).slice(0, 12)].map(b => b.toString(16).padStart(2, '0')).join('');
}

async function immutable(request: Request): Promise<Response> {
  const found = await (await caches.open(FILES)).match(request.url);
  if (found) return found;
  const answer = await fetch(request);
  if (answer.ok) await put(FILES, request.url, answer.clone(), FILES_MAX);
  return answer;
}

// The page of the client is the same for every path: it draws the address it stands at.
async function page(request: Request): Promise<Response> {
  try {
    const answer = await fetch(request);
    if (answer.ok && new URL(request.url).pathname === SHELL) await put(FILES, SHELL, answer.clone(), FILES_MAX);
    return answer;
  } catch (e) {
    const found = await (await caches.open(FILES)).match(SHELL);
    if (!found) throw e;
    return found;
  }
}

async function seen(request: Request): Promise<Response> {
  const name = nameOf(new URL(request.url), await who(request));
  try {
    const answer = await fetch(request);
    if (answer.ok) await put(SEEN, name, answer.clone(), SEEN_MAX);
    return answer;
  } catch (e) {
    const found = await (await caches.open(SEEN)).match(name);
    if (!found) throw e;
    return found;
  }
}

worker.addEventListener('install', (e: Extendable) => e.waitUntil(caches.open(FILES).then(c => c.add(SHELL)).catch(() => undefined).then(() => worker.skipWaiting())));
worker.addEventListener('activate', (e: Extendable) => e.waitUntil(worker.clients.claim()));
worker.addEventListener('fetch', (e: Fetch) => {
  const r = e.request, way = wayOf(r.method, new URL(r.url), location.origin, r.mode === 'navigate', r.headers.has('Authorization'), r.keepalive);
  if (way === 'immutable') e.respondWith(immutable(r));
  else if (way === 'page') e.respondWith(page(r));
  else if (way === 'seen') e.respondWith(seen(r));
  else if (way === 'last') {
    const answer = fetch(r);
    e.respondWith(answer);
    e.waitUntil(answer.catch(() => undefined));
  }
});

worker.addEventListener('push', (e: Push) => {
  const m = read(e.data?.text() ?? '');
  // A browser that was promised a notification for each push shows one of its own when there is none.
  e.waitUntil(worker.registration.showNotification(m?.title ?? location.hostname, { body: m?.body, icon: m?.icon || '/static/icon-192.png', badge: '/static/icon-192.png', tag: m?.notificationId, data: m }));
});

async function open(n: Notification): Promise<void> {
  const m = n.data as ReturnType<typeof read>;
  let path = '/notifications';
  if (m?.notificationId && m.token) {
    const answer = await fetch(`/api/v1/notifications/${m.notificationId}`, { headers: { Authorization: `Bearer ${m.token}` } }).catch(() => null);
    if (answer?.ok) path = pathOf(await answer.json() as Parameters<typeof pathOf>[0]);
  }
  const pages = await worker.clients.matchAll({ type: 'window', includeUncontrolled: true });
  const found = pages[0];
  if (!found) {
    await worker.clients.openWindow(path);
    return;
  }
  await found.focus();
  found.postMessage({ open: path });
}

worker.addEventListener('notificationclick', (e: Click) => {
  e.notification.close();
  e.waitUntil(open(e.notification));
});
