// What is being written: a thread of one or more posts.  Kept in this browser with every key, so that a reload, a lost session or a server
// that is away costs nothing.  Each open composer has a place of its own (two tabs do not write over each other); sync.ts adds the server's copy.
import type { mastodon } from 'masto';
import { current } from '../api/accounts.ts';

export interface Start {
  reply?: string;
  quote?: string;
  edit?: string;
  text?: string;
  visibility?: string; // with a text
  draft?: Draft; // what is taken up again: of the server's list, or deleted to be written anew
}

export type Attachment = mastodon.v1.MediaAttachment;

export interface PollDraft {
  options: string[];
  seconds: number;
  endsAt?: string; // of a published poll, as long as its end is not changed
  multiple: boolean;
  hideTotals: boolean;
}

export interface Part {
  key: string;
  text: string;
  warning: string | null; // null: none
  sensitive: boolean;
  media: Attachment[];
  poll: PollDraft | null;
}

export interface Draft {
  parts: Part[];
  reply: string | null;
  quote: string | null;
  visibility: string;
  quotePolicy: string | null; // null: as the account has it
  language: string;
  markdown: boolean;
  localOnly: boolean;
  expiresIn: number; // seconds; 0: stays
  scheduledAt: string | null;
  idempotency: string;
  server: { id: string; version: number; synced: string } | null; // its copy there, and what of ours it has
  tried: string | null; // what was sent to be published, without an answer so far
  saving: string | null; // what was sent to be kept, without an answer so far
}

export const newKey = (): string => crypto.randomUUID?.() ?? Math.random().toString(36).slice(2);
export const emptyPart = (text = ''): Part => ({ key: newKey(), text, warning: null, sensitive: false, media: [], poll: null });
export const emptyDraft = (more: Partial<Draft> = {}): Draft => ({ parts: [emptyPart()], reply: null, quote: null, visibility: 'public', quotePolicy: null, language: '',
  markdown: false, localOnly: false, expiresIn: 0, scheduledAt: null, idempotency: newKey(), server: null, tried: null, saving: null, ...more });

export const isEmptyPart = (p: Part): boolean => p.text.trim() === '' && !p.warning && p.media.length === 0 && !p.poll?.options.some(o => o.trim());
// usual: what stood there at the beginning (the names of an answer) is nothing that somebody wrote.
export const isEmpty = (d: Draft, usual = ''): boolean => d.parts.every(p => isEmptyPart(p) || (p.text.trim() === usual.trim() && p.media.length === 0 && !p.poll));

// ---- kept in this browser ---------------------------------------------------------------------------------------

const kind = (s: Start): string => (s.edit ? `edit-${s.edit}` : s.reply ? `reply-${s.reply}` : s.quote ? `quote-${s.quote}` : 'new');
export const prefixOf = (s: Start): string => `dassie.draft.${current.value?.id ?? ''}.${kind(s)}.`;

export function readDraft(text: string | null): Draft | null {
  try {
    const d = JSON.parse(text ?? 'null') as Draft | null;
    return d && Array.isArray(d.parts) && d.parts.length > 0 && d.parts.every(p => typeof p.text === 'string' && Array.isArray(p.media)) ? { ...emptyDraft(), ...d } : null;
  } catch {
    return null;
  }
}

// Places where something was kept, the latest first.
function keptKeys(prefix: string): string[] {
  const keys: string[] = [];
  for (let i = 0; i < localStorage.length; i++) {
    const k = localStorage.key(i)!;
    if (k.startsWith(prefix)) keys.push(k);
  }
  const at = (k: string): number => Number(/"at":(\d+)/.exec(localStorage.getItem(k) ?? '')?.[1] ?? 0);
  return keys.sort((a, b) => at(b) - at(a));
}

export interface Place {
  key: string;
  kept: Draft | null;
  release: () => void;
}

const held = new Set<string>(); // by this tab, where the browser has no locks (plain http)

// Hold a key as long as this composer is open; null: another one, perhaps of another tab, has it.
async function hold(key: string): Promise<(() => void) | null> {
  if (held.has(key)) return null;
  if (!navigator.locks) {
    held.add(key);
    return () => held.delete(key);
  }
  return new Promise(answer => {
    void navigator.locks.request(key, { ifAvailable: true }, lock => (lock ? new Promise<void>(free => { held.add(key); answer(() => { held.delete(key); free(); }); }) : answer(null)));
  });
}

// What was left off, unless somebody is at it just now; else a new place.  at: a place that is looked at even then.
export async function claim(start: Start, fresh = false, at: string | null = null): Promise<Place> {
  const prefix = prefixOf(start);
  for (const key of at ? [at] : fresh ? [] : keptKeys(prefix)) {
    const kept = readDraft(localStorage.getItem(key)), release = kept && await hold(key);
    if (kept && release) return { key, kept, release };
  }
  const key = prefix + newKey();
  return { key, kept: null, release: (await hold(key)) ?? (() => undefined) };
}

export function keep(key: string, d: Draft, empty: boolean, now = Date.now()): void {
  if (empty) localStorage.removeItem(key);
  else localStorage.setItem(key, JSON.stringify({ at: now, ...d }));
}

// The local copies of what the server has as this draft, when it is taken up from the list.
export function keyOfServerDraft(id: string): string | null {
  return keptKeys(`dassie.draft.${current.value?.id ?? ''}.`).find(k => readDraft(localStorage.getItem(k))?.server?.id === id) ?? null;
}

// ---- how one begins ---------------------------------------------------------------------------------------------

const narrow = ['public', 'unlisted', 'private', 'direct'];

// An answer is never more public than what it answers, nor than one's default.
export function narrower(a: string, b: string): string {
  return narrow.indexOf(a) > narrow.indexOf(b) ? a : b;
}

// "@a @b ", of everybody in the conversation but oneself.
export function mentions(author: string, mentioned: readonly string[], me: string): string {
  const all = [...new Set([author, ...mentioned])].filter(a => a !== me);
  return all.map(a => `@${a} `).join('');
}

// ---- as the API has it ------------------------------------------------------------------------------------------

export type Params = Record<string, unknown>;

// The API only knows how long from now: what is left when it is sent, so that an edit does not move the end.
export const pollSeconds = (p: PollDraft, now = Date.now()): number => (p.endsAt ? Math.max(300, Math.round((Date.parse(p.endsAt) - now) / 1000)) : p.seconds);

function pollParams(p: PollDraft): Params {
  return { options: p.options.map(o => o.trim()).filter(Boolean), expires_in: pollSeconds(p), multiple: p.multiple, hide_totals: p.hideTotals };
}

// One object for each post; a draft may have empty ones, what is sent may not.
export function params(d: Draft): Params[] {
  return d.parts.map((p, i): Params => ({
    status: p.text, spoiler_text: p.warning ?? '', sensitive: p.sensitive, language: d.language || undefined, visibility: d.visibility,
    media_ids: p.media.map(m => m.id), poll: p.poll ? pollParams(p.poll) : undefined, content_type: d.markdown ? 'text/markdown' : undefined,
    in_reply_to_id: i === 0 && d.reply ? d.reply : undefined, quoted_status_id: i === 0 && d.quote ? d.quote : undefined,
    quote_approval_policy: d.quotePolicy && mayBeQuoted(d.visibility) ? d.quotePolicy : undefined,
    local_only: d.localOnly || undefined, expires_in: d.expiresIn || undefined,
  }));
}

export const mayBeQuoted = (visibility: string): boolean => visibility === 'public' || visibility === 'unlisted';

// Of our own endpoints, in camelCase (api/client.ts).
export interface ServerPost {
  text: string;
  spoilerText: string | null;
  sensitive: boolean | null;
  visibility: string | null;
  language: string | null;
  contentType: string | null;
  mediaIds: string[] | null;
  poll: { options: string[]; expiresIn: number; multiple: boolean; hideTotals: boolean } | null;
  inReplyToId?: string | null;
  quotedStatusId: string | null;
  quoteApprovalPolicy?: string;
  expiresIn: number | null;
  localOnly: boolean;
}

export interface ServerDraft {
  id: string;
  version: number;
  createdAt: string;
  updatedAt: string;
  posts: ServerPost[];
  mediaAttachments: Attachment[];
}

export function fromPosts(posts: readonly ServerPost[], files: readonly Attachment[]): Draft {
  const first = posts[0]!;
  return emptyDraft({ parts: posts.map(p => ({ key: newKey(), text: p.text, warning: p.spoilerText || null, sensitive: p.sensitive ?? false,
    media: (p.mediaIds ?? []).map(id => files.find(f => f.id === id)).filter(f => f !== undefined),
    poll: p.poll ? { options: p.poll.options.length ? p.poll.options : ['', ''], seconds: p.poll.expiresIn, multiple: p.poll.multiple, hideTotals: p.poll.hideTotals } : null })),
    reply: first.inReplyToId ? String(first.inReplyToId) : null, quote: first.quotedStatusId, visibility: first.visibility ?? 'public', quotePolicy: first.quoteApprovalPolicy ?? null,
    language: first.language ?? '', markdown: first.contentType === 'text/markdown', localOnly: first.localOnly, expiresIn: first.expiresIn ?? 0 });
}

// Equal for drafts that say the same, whatever order or form they came in.
export const fingerprint = (d: Draft): string => JSON.stringify(params(d));

// The server's copy was changed by somebody else since we saw it: base is what both had.  Nobody's words go: when both wrote, both stay.
export function merge(base: string, mine: string, theirs: string): 'mine' | 'theirs' | 'both' {
  if (theirs === base || theirs === mine) return 'mine';
  return mine === base ? 'theirs' : 'both';
}
