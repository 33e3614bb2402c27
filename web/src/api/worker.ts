// The service worker, seen from the page: it begins, says where to go, and pushes when one has asked for it.
import { signal } from '@preact/signals';
import { call } from './client.ts';

export const offline = signal(typeof navigator !== 'undefined' && navigator.onLine === false);
addEventListener('online', () => { offline.value = false; });
addEventListener('offline', () => { offline.value = true; });

const there = (): boolean => typeof navigator !== 'undefined' && 'serviceWorker' in navigator;

export function startWorker(go: (path: string) => void): void {
  if (!there()) return;
  navigator.serviceWorker.register('/sw.js').catch(() => undefined); // without it everything works, but not offline
  navigator.serviceWorker.addEventListener('message', e => {
    const path = (e.data as { open?: unknown } | null)?.open;
    if (typeof path === 'string' && path.startsWith('/')) go(path);
  });
}

// Nothing of an account stays when it signs out.
export async function forgetSeen(): Promise<void> {
  if ('caches' in globalThis) await caches.delete('dassie-seen');
}

// ---- push -------------------------------------------------------------------------------------------------------

export type PushPolicy = 'all' | 'followed' | 'follower' | 'none';
export interface PushState {
  alerts: Record<string, boolean>;
  policy: PushPolicy;
}

export const canPush = (): boolean => there() && 'PushManager' in globalThis && 'Notification' in globalThis;

const bytes = (base64url: string): Uint8Array<ArrayBuffer> => Uint8Array.from(atob(base64url.replace(/-/g, '+').replace(/_/g, '/')), ch => ch.charCodeAt(0));

// Alerts have names of their own with an underscore or a dot; nothing of them is renamed on the way.
function state(answer: { alerts: Record<string, boolean>; policy: PushPolicy }): PushState {
  return { policy: answer.policy, alerts: Object.fromEntries(Object.entries(answer.alerts).map(([k, v]) => [k.replace(/[A-Z]/g, ch => `_${ch.toLowerCase()}`), v])) };
}

// null: this browser gets none.
export async function pushState(): Promise<PushState | null> {
  const mine = await (await navigator.serviceWorker.ready).pushManager.getSubscription();
  if (!mine) return null;
  try {
    const answer = await call<PushState & { endpoint: string }>('GET', '/api/v1/push/subscription');
    return answer.endpoint === mine.endpoint ? state(answer) : null;
  } catch (e) {
    if ((e as { statusCode?: number }).statusCode === 404) return null;
    throw e;
  }
}

// Only from a click: the browser asks the person.  null: they said no.
export async function startPush(key: string, alerts: Record<string, boolean>): Promise<PushState | null> {
  if (await Notification.requestPermission() !== 'granted') return null;
  const manager = (await navigator.serviceWorker.ready).pushManager;
  await (await manager.getSubscription())?.unsubscribe(); // it may be of another key
  const { endpoint, keys } = (await manager.subscribe({ userVisibleOnly: true, applicationServerKey: bytes(key) })).toJSON();
  return state(await call<PushState>('POST', '/api/v1/push/subscription', { subscription: { endpoint, keys, standard: true }, data: { policy: 'all', alerts } }));
}

export async function changePush(to: PushState): Promise<PushState> {
  return state(await call<PushState>('PUT', '/api/v1/push/subscription', { data: to }));
}

export async function stopPush(): Promise<void> {
  await call('DELETE', '/api/v1/push/subscription');
  await (await (await navigator.serviceWorker.ready).pushManager.getSubscription())?.unsubscribe();
}
