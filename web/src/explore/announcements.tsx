// What the staff announces, above the posts of home, until it is dismissed.  What comes while somebody reads moves nothing: a button in the head of
// the column offers it.
import { computed, signal, useSignal } from '@preact/signals';
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import type { mastodon } from 'masto';
import { toTop, usePane } from '../app/pane.ts';
import { api, call, errorText } from '../api/client.ts';
import { type StreamEvent, subscribe } from '../api/stream.ts';
import { compact, t } from '../i18n/index.ts';
import { toggled } from '../status/reactions.tsx';
import type { Reaction } from '../store/posts.ts';
import { Time } from '../ui/bits.tsx';
import { Button, IconButton } from '../ui/button.tsx';
import { Html } from '../ui/html.tsx';
import { Icon } from '../ui/icon.tsx';
import { Long } from '../ui/long.tsx';
import { announce, attempt } from '../ui/toast.tsx';

type Announcement = Omit<mastodon.v1.Announcement, 'reactions'> & { read?: boolean; reactions: Reaction[] };

const list = signal<Announcement[] | null>(null); // as they are
const shown = signal<Announcement[]>([]); // as they stand above home
const late = computed(() => (list.value ?? []).filter(a => !shown.value.some(s => s.id === a.id && s.content === a.content)));
const asked = signal(false); // home does not wait for them any more
const standing = signal(0); // in how many columns
const wanted = signal(false); // somebody asked for what is late
const WAIT_MS = 600;
let taken = false;
const usual = ['👍', '❤️', '🎉', '😮', '🙏'];

const change = (id: string, reactions: Reaction[]): void => {
  const of = (all: Announcement[]): Announcement[] => all.map(a => (a.id === id ? { ...a, reactions } : a));
  list.value = of(list.peek() ?? []);
  shown.value = of(shown.peek());
};

async function load(): Promise<void> {
  list.value = (await api.v1.announcements.list() as unknown as Announcement[]).filter(a => !a.read);
}

const take = (): void => { shown.value = list.peek() ?? []; };

// Whether home should wait for them; asks for them when nobody has.
export function useAnnouncements(): boolean {
  useEffect(() => {
    if (list.peek() === null) void load().catch(errorText).finally(() => { asked.value = true; });
    const soon = setTimeout(() => { asked.value = true; }, WAIT_MS), stop = subscribe({ stream: 'user' }, onEvent);
    return () => {
      clearTimeout(soon);
      stop();
    };
  }, []);
  return !asked.value;
}

function onEvent({ event, payload }: StreamEvent): void {
  if (event === 'announcement') {
    const a = payload as Announcement, had = list.peek() ?? [];
    list.value = [{ ...a, reactions: had.find(x => x.id === a.id)?.reactions ?? a.reactions }, ...had.filter(x => x.id !== a.id)];
  } else if (event === 'announcement.delete') list.value = (list.peek() ?? []).filter(a => a.id !== String(payload));
  else if (event === 'announcement.reaction') {
    const { announcementId, name, count } = payload as { announcementId: string; name: string; count: number }, a = list.peek()?.find(x => x.id === announcementId);
    if (!a) return;
    const found = a.reactions.find(r => r.name === name);
    change(a.id, count === 0 ? a.reactions.filter(r => r !== found) : found ? a.reactions.map(r => (r === found ? { ...r, count } : r)) : [...a.reactions, { ...(payload as Reaction), me: false }]);
  }
}

async function react(a: Announcement, name: string): Promise<void> {
  const mine = a.reactions.find(r => r.name === name)?.me ?? false;
  change(a.id, toggled(a.reactions, name));
  try {
    await call(mine ? 'DELETE' : 'PUT', `/api/v1/announcements/${a.id}/reactions/${encodeURIComponent(name)}`);
  } catch (e) {
    change(a.id, a.reactions);
    throw e;
  }
}

async function dismiss(id: string): Promise<void> {
  const had = list.peek() ?? [];
  if (had.some(a => a.id === id)) await api.v1.announcements.$select(id).dismiss(); // else the staff took it back
  list.value = had.filter(a => a.id !== id);
  shown.value = shown.peek().filter(a => a.id !== id);
}

function One({ a }: { a: Announcement }) {
  const choosing = useSignal(false);
  return <>
    <Long><Html html={a.content} emojis={a.emojis} mentions={a.mentions} /></Long>
    <ul class="reactions" aria-label={t('Reactions')}>
      {a.reactions.map(r => <li key={r.name}><button type="button" aria-pressed={r.me ?? false} onClick={() => void attempt(() => react(a, r.name))}>{r.url ? <img class="emoji" src={r.url} alt={`:${r.name}:`} /> : r.name}<span>{compact(r.count)}</span></button></li>)}
      <li><IconButton icon="smile" label={t('React')} onClick={() => { choosing.value = !choosing.peek(); }} /></li>
      {choosing.value && usual.filter(e => !a.reactions.some(r => r.name === e)).map(e => <li key={e}><button type="button" onClick={() => { choosing.value = false; void attempt(() => react(a, e)); }}>{e}</button></li>)}
    </ul>
  </>;
}

// In the head, whose height does not change, while some wait.
export function LateAnnouncements() {
  const n = standing.value > 0 ? late.value.length : 0, pane = usePane();
  useEffect(() => { if (n > 0) announce(t('New announcement')); }, [n]);
  if (n === 0) return null;
  const show = (): void => {
    take();
    wanted.value = true;
    toTop(pane);
  };
  return <button type="button" class="button small" onClick={show}><Icon name="flag" />{t('New announcement')}</button>;
}

export function Announcements() {
  const at = useSignal(0), box = useRef<HTMLElement>(null);
  useLayoutEffect(() => {
    if (!taken) take();
    taken = true;
    standing.value++;
    return () => { standing.value--; };
  }, []);
  useLayoutEffect(() => { // asked for: seen, and read from its beginning
    if (!wanted.value) return;
    wanted.value = false;
    at.value = 0;
    box.current?.focus({ preventScroll: true });
  });
  const all = shown.value, i = Math.min(at.value, all.length - 1), a = all[i];
  if (!a) return null;
  return <section ref={box} class="announcement" tabIndex={-1} aria-label={t('Announcements')}>
    <header><Icon name="flag" /><h2>{t('Announcement')}</h2><span class="quiet"><Time iso={a.publishedAt} /></span></header>
    <One key={a.id} a={a} />
    <div class="announcement-foot"><Button onClick={() => void attempt(() => dismiss(a.id))}>{t('Dismiss')}</Button>
      {all.length > 1 && <span class="turn"><IconButton icon="previous" label={t('Previous')} disabled={i === 0} onClick={() => { at.value = i - 1; }} /><span class="quiet">{i + 1}/{all.length}</span><IconButton icon="next" label={t('Next')} disabled={i === all.length - 1} onClick={() => { at.value = i + 1; }} /></span>}</div>
  </section>;
}
