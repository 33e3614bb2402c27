// Publishing what was written, once: a draft of the server by its id, else a thread with an Idempotency-Key; changing what is published.
import type { mastodon } from 'masto';
import { type CallError, api, call } from '../api/client.ts';
import { post } from '../store/posts.ts';
import { type Draft, emptyDraft, emptyPart, fingerprint, params } from './draft.ts';
import { focusOf, focusText } from './upload.ts';

type Status = mastodon.v1.Status;

export interface Later {
  id: string;
  scheduledAt: string;
}

export type Sent = { kind: 'posted'; posts: Status[] } | { kind: 'later'; at: string };

const result = (answer: Status[] | Later): Sent => (Array.isArray(answer) ? { kind: 'posted', posts: answer } : { kind: 'later', at: answer.scheduledAt });

// d as it was before this attempt: what it says was tried got no answer then.  save() brings the server's copy up to date and says which it is.
export async function publish(d: Draft, save: () => Promise<Draft['server']>): Promise<Sent> {
  const time = d.scheduledAt ? { scheduled_at: d.scheduledAt } : {};
  if (!d.server)
    return result(await call<Status[] | Later>('POST', '/api/v1/statuses/thread', { posts: params(d), ...time }, { 'Idempotency-Key': d.idempotency }));
  if (d.tried) try {
    await call('GET', `/api/v1/drafts/${d.server.id}`);
  } catch (e) {
    if ((e as CallError).statusCode !== 404) throw e;
    if (d.tried === fingerprint(d)) return { kind: 'posted', posts: [] }; // the answer was lost, not the post
  }
  const server = await save();
  return result(await call<Status[] | Later>('POST', `/api/v1/drafts/${server!.id}/publish`, { version: server!.version, ...time }));
}

export async function change(id: string, d: Draft): Promise<Status> {
  const p = d.parts[0]!, wire = params(d)[0]!;
  const attributes = p.media.map(m => ({ id: m.id, description: m.description ?? '', focus: focusText(focusOf(m)) }));
  return call<Status>('PUT', `/api/v1/statuses/${id}`, { ...wire, poll: wire.poll ?? null, content_type: d.markdown ? 'text/markdown' : 'text/plain', media_attributes: attributes,
    visibility: undefined, quoted_status_id: undefined, local_only: undefined, in_reply_to_id: undefined, expires_in: d.expiresIn > 0 ? d.expiresIn : undefined });
}

function pollOf(p: mastodon.v1.Poll | null | undefined): Draft['parts'][number]['poll'] {
  return p ? { options: p.options.map(o => o.title), seconds: 86_400, endsAt: p.expiresAt ?? undefined, multiple: p.multiple, hideTotals: p.options.some(o => o.votesCount === null) } : null;
}

type Source = mastodon.v1.StatusSource & { contentType?: string };

// A published post as something to write at.
export async function draftOf(id: string): Promise<Draft> {
  const [source, s] = await Promise.all([api.v1.statuses.$select(id).source.fetch() as Promise<Source>, api.v1.statuses.$select(id).fetch()]);
  return emptyDraft({ visibility: s.visibility, language: s.language ?? '', markdown: source.contentType === 'text/markdown', localOnly: post(id)?.localOnly ?? false,
    parts: [{ ...emptyPart(source.text), warning: source.spoilerText || null, sensitive: s.sensitive, media: s.mediaAttachments, poll: pollOf(s.poll) }] });
}

// Delete, and give back what it said, with its files.
export async function takeBack(id: string): Promise<Draft> {
  const before = await api.v1.statuses.$select(id).fetch() as Status & { localOnly?: boolean; quote?: { quotedStatus?: Status | null } | null };
  const s = await call<Status & { text?: string | null }>('DELETE', `/api/v1/statuses/${id}`);
  return emptyDraft({ visibility: before.visibility, language: before.language ?? '', localOnly: before.localOnly ?? false, reply: before.inReplyToId ?? null,
    quote: before.quote?.quotedStatus?.id ?? null, parts: [{ ...emptyPart(s.text ?? ''), warning: s.spoilerText || null, sensitive: before.sensitive, media: s.mediaAttachments,
      poll: s.poll ? { ...pollOf(s.poll)!, endsAt: undefined } : null }] });
}

