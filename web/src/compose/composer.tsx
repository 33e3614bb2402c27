// Writing a post: text, warning, visibility, and the length as the server counts it.
import { useSignal } from '@preact/signals';
import { useEffect, useMemo, useRef } from 'preact/hooks';
import type { mastodon } from 'masto';
import { current } from '../api/accounts.ts';
import { api } from '../api/client.ts';
import { msg, t, tn, tx } from '../i18n/index.ts';
import { QuotedPost } from '../status/quoted.tsx';
import { me, server } from '../store/me.ts';
import { person } from '../store/people.ts';
import { post as postOf, putStatus } from '../store/posts.ts';
import { addOwn } from '../store/timelines.ts';
import { Button, IconButton } from '../ui/button.tsx';
import { Dialog, confirm } from '../ui/dialog.tsx';
import { Icon, type IconName } from '../ui/icon.tsx';
import { attempt, say } from '../ui/toast.tsx';
import { count } from './count.ts';
import { type Draft, type Start, dropDraft, keepDraft, keptDraft, mentions, narrower } from './draft.ts';

const visibilities: { value: string; icon: IconName; text: string }[] = [
  { value: 'public', icon: 'globe', text: msg('Public') },
  { value: 'unlisted', icon: 'unlisted', text: msg('Quiet public') },
  { value: 'private', icon: 'lock', text: msg('Followers only') },
  { value: 'direct', icon: 'mail', text: msg('Only people mentioned') },
];

function begin(start: Start): Draft {
  const usual = (me.value?.source as { privacy?: string } | undefined)?.privacy ?? 'public';
  const to = start.reply ? postOf(start.reply) : undefined, author = to && person(to.accountId);
  if (!to || !author) return { text: start.text ?? '', warning: null, visibility: usual, sensitive: false };
  return { text: mentions(author.acct, to.mentions.map(m => m.acct), current.value?.acct ?? ''), warning: to.spoilerText || null,
    visibility: narrower(to.visibility, usual), sensitive: to.sensitive };
}

async function send(start: Start, d: Draft, idempotency: string): Promise<mastodon.v1.Status> {
  const common = { status: d.text, spoilerText: d.warning ?? '', sensitive: d.sensitive };
  if (start.edit) {
    const mediaIds = postOf(start.edit)?.mediaAttachments.map(m => m.id) ?? [];
    return api.v1.statuses.$select(start.edit).update({ ...common, mediaIds } as mastodon.rest.v1.UpdateStatusParams);
  }
  return api.v1.statuses.create({ ...common, visibility: d.visibility as mastodon.v1.StatusVisibility, inReplyToId: start.reply, quotedStatusId: start.quote } as mastodon.rest.v1.CreateStatusParams,
    { requestInit: { headers: { 'Idempotency-Key': idempotency } } });
}

export function Composer({ start, onDone }: { start: Start; onDone: () => void }) {
  const draft = useSignal<Draft>(useMemo(() => keptDraft(start) ?? begin(start), []));
  const busy = useSignal(false);
  const area = useRef<HTMLTextAreaElement>(null);
  const idempotency = useMemo(() => crypto.randomUUID?.() ?? String(Math.random()), []);
  const limit = server.value?.configuration.statuses.maxCharacters ?? 500;
  const d = draft.value, left = limit - count(d.text, d.warning ?? '');
  const change = (c: Partial<Draft>): void => {
    draft.value = { ...draft.peek(), ...c };
    keepDraft(start, draft.value);
  };

  useEffect(() => {
    area.current?.focus();
    area.current?.setSelectionRange(d.text.length, d.text.length);
    if (start.edit && !keptDraft(start)) void attempt(async () => {
      const source = await api.v1.statuses.$select(start.edit!).source.fetch(), p = postOf(start.edit!);
      draft.value = { text: source.text, warning: source.spoilerText || null, visibility: p?.visibility ?? 'public', sensitive: p?.sensitive ?? false };
    });
  }, []);

  const submit = async (e?: Event): Promise<void> => {
    e?.preventDefault();
    if (busy.value || left < 0 || d.text.trim() === '') return;
    busy.value = true;
    const sent = await attempt(async () => {
      const s = await send(start, d, idempotency);
      if (start.edit) putStatus(s);
      else addOwn(s);
      dropDraft(start);
      say(start.edit ? t('Changed') : t('Posted'));
    });
    busy.value = false;
    if (sent) onDone();
  };

  const to = start.reply ? postOf(start.reply) : undefined, author = to && person(to.accountId);
  return <form class="composer" onSubmit={e => void submit(e)} onKeyDown={e => { if (e.key === 'Enter' && (e.ctrlKey || e.metaKey)) void submit(e); }}>
    {author && <p class="reply-line"><Icon name="reply" /><span>{tx('In reply to {0}', <bdi>@{author.acct}</bdi>)}</span></p>}
    {d.warning !== null && <><label class="sr" for="composer-warning">{t('Content warning')}</label>
      <input id="composer-warning" class="composer-warning" dir="auto" value={d.warning} placeholder={t('Content warning')} onInput={e => change({ warning: e.currentTarget.value })} /></>}
    <label class="sr" for="composer-text">{t('Text of the post')}</label>
    <textarea id="composer-text" ref={area} dir="auto" rows={5} autoFocus value={d.text} placeholder={t('What is on your mind?')} aria-describedby="composer-left" onInput={e => change({ text: e.currentTarget.value })} />
    {start.quote && <QuotedPost id={start.quote} />}
    <div class="composer-bar">
      <IconButton icon="warning" label={t('Content warning')} pressed={d.warning !== null} onClick={() => change({ warning: d.warning === null ? '' : null })} />
      <label class="composer-visibility"><Icon name={visibilities.find(v => v.value === d.visibility)?.icon ?? 'globe'} /><span class="sr">{t('Who may see it')}</span>
        <select value={d.visibility} disabled={Boolean(start.edit)} onChange={e => change({ visibility: e.currentTarget.value })}>{visibilities.map(v => <option value={v.value}>{t(v.text)}</option>)}</select></label>
      <output id="composer-left" class={left < 0 ? 'left bad' : 'left'}><span aria-hidden="true">{left}</span><span class="sr">{tn('{0} character left', '{0} characters left', left)}</span></output>
      <Button type="submit" kind="main" disabled={busy.value || left < 0 || d.text.trim() === ''}>{start.edit ? t('Save') : start.reply ? t('Reply') : t('Post')}</Button>
    </div>
  </form>;
}

export function ComposeDialog({ start, onClose }: { start: Start; onClose: () => void }) {
  const leave = async (): Promise<void> => {
    if (start.edit && keptDraft(start) && await confirm(t('Discard the changes?'), t('The post stays as it was.'), t('Discard'))) dropDraft(start);
    onClose();
  };
  return <Dialog title={start.edit ? t('Edit post') : start.reply ? t('Reply') : t('New post')} onClose={() => void leave()} class="compose"><Composer start={start} onDone={onClose} /></Dialog>;
}
