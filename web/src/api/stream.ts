// One WebSocket for everything that happens: subscribers share channels; after a gap each is told to look for what it missed.
import { signal } from '@preact/signals';
import { current } from './accounts.ts';
import { call, camel } from './client.ts';

export interface StreamEvent {
  event: string;
  payload: unknown;
}

export interface Channel {
  stream: string;
  tag?: string;
  list?: string;
}

interface Subscriber {
  onEvent: (e: StreamEvent) => void;
  onReconnect?: () => void;
  first: boolean; // not only when it opens again
}

export const connected = signal(false);
const channels = new Map<string, { channel: Channel; subscribers: Set<Subscriber> }>();
let socket: WebSocket | null = null;
let wait = 1000;
let lost = false;
let timer = 0;

// "hashtag cats": as the server names a channel in its messages.
export function channelKey(names: readonly string[]): string {
  return names.join(' ');
}

const keyOf = (c: Channel): string => channelKey([c.stream, c.tag ?? c.list].filter((x): x is string => x !== undefined));

function send(type: string, channel: Channel): void {
  if (socket?.readyState === WebSocket.OPEN) socket.send(JSON.stringify({ type, ...channel }));
}

function onMessage(e: MessageEvent<string>): void {
  const m = JSON.parse(e.data) as { stream?: string[]; event?: string; payload?: unknown };
  const found = m.stream && channels.get(channelKey(m.stream));
  if (!found || !m.event) return;
  let payload = m.payload;
  if (typeof payload === 'string' && payload.startsWith('{')) payload = camel(JSON.parse(payload));
  for (const s of found.subscribers) s.onEvent({ event: m.event, payload });
}

function onOpen(): void {
  wait = 1000;
  connected.value = true;
  for (const { channel, subscribers } of channels.values()) {
    send('subscribe', channel);
    for (const s of subscribers) if (lost || s.first) s.onReconnect?.();
  }
  lost = false;
}

function onClose(e?: CloseEvent): void {
  // A browser does not say why it was turned away: an ordinary request finds out whether the session has ended.
  if ((!connected.peek() || e?.code === 1008) && current.value) void call('GET', '/api/v1/apps/verify_credentials').catch(() => undefined);
  socket = null;
  lost = true;
  connected.value = false;
  clearTimeout(timer);
  if (channels.size > 0) timer = window.setTimeout(connect, wait * (0.5 + Math.random() / 2));
  wait = Math.min(wait * 2, 60_000);
}

// A line that broke without a word looks open for minutes: what was down or asleep begins anew.
function reconnect(): void {
  wait = 1000;
  clearTimeout(timer);
  if (socket) {
    socket.onclose = null;
    socket.onmessage = null;
    socket.close();
    onClose();
    clearTimeout(timer);
  }
  connect();
}

function connect(): void {
  if (socket || !current.value || channels.size === 0) return;
  const url = new URL('/api/v1/streaming', location.href);
  url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
  socket = new WebSocket(url, current.value.token);
  socket.onopen = onOpen;
  socket.onmessage = onMessage;
  socket.onclose = onClose;
}

const ASLEEP_MS = 60_000;
let hiddenAt = 0;

if (typeof document !== 'undefined') {
  addEventListener('online', reconnect);
  document.addEventListener?.('visibilitychange', () => {
    if (document.visibilityState === 'hidden') hiddenAt = Date.now();
    else if (!socket || (socket.readyState === WebSocket.OPEN && Date.now() - hiddenAt > ASLEEP_MS)) reconnect(); // one that is on its way is new
  });
}

// first: what was asked for before the line was open may be older than what it tells; then onReconnect is called when it opens, too.  Returns how
// to stop listening.
export function subscribe(channel: Channel, onEvent: Subscriber['onEvent'], onReconnect?: () => void, first = false): () => void {
  const key = keyOf(channel), me: Subscriber = { onEvent, onReconnect, first };
  let found = channels.get(key);
  if (!found) {
    found = { channel, subscribers: new Set() };
    channels.set(key, found);
    send('subscribe', channel);
  }
  found.subscribers.add(me);
  connect();
  return () => {
    found.subscribers.delete(me);
    if (found.subscribers.size > 0 || channels.get(key) !== found) return;
    channels.delete(key);
    send('unsubscribe', channel);
  };
}
