// Writing: a post or a thread, with everything that belongs to it.  What it does stands in session.ts.
import { useSignal } from '@preact/signals';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { sessionLost } from '../api/client.ts';
import { Lost } from '../app/lost.tsx';
import { navigate, place } from '../app/router.ts';
import { dateTime, msg, t, tn, tx } from '../i18n/index.ts';
import { QuotedPost } from '../status/quoted.tsx';
import { person } from '../store/people.ts';
import { post as postOf, remove } from '../store/posts.ts';
import { Button, IconButton } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { plain } from '../ui/html.tsx';
import { Icon, type IconName } from '../ui/icon.tsx';
import { MenuButton, type MenuItem } from '../ui/menu.tsx';
import { attempt, say } from '../ui/toast.tsx';
import { DescribeDialog } from './attachments.tsx';
import { insert } from './complete.ts';
import { type Attachment, type Draft, mayBeQuoted, newKey } from './draft.ts';
import { EmojiPicker } from './emoji-picker.tsx';
import { LanguageSelect } from './language.tsx';
import { openComposer } from './open.tsx';
import { Options } from './options.tsx';
import { PartEditor } from './part.tsx';
import { Preview } from './preview.tsx';
import type { Sent } from './send.ts';
import type { Session } from './session.ts';

const visibilities: { value: string; icon: IconName; text: string }[] = [
  { value: 'public', icon: 'globe', text: msg('Public') },
  { value: 'unlisted', icon: 'unlisted', text: msg('Quiet public') },
  { value: 'private', icon: 'lock', text: msg('Followers only') },
  { value: 'direct', icon: 'mail', text: msg('Only people mentioned') },
];

const states: Record<string, string> = { waiting: '', saving: '', idle: '', saved: msg('Draft saved'), offline: msg('Kept in this browser; the server has no copy yet') };

// For a short time it can be taken back, and stands in the composer as it was.
function offerUndo(sent: Sent, d: Draft): void {
  if (sent.kind === 'later') return say(t('It will appear on {0}.', dateTime(sent.at)), false, { text: t('Planned posts'), run: () => navigate('/publish/planned') });
  if (sent.posts.length === 0) return say(t('Posted'));
  say(tn('Posted', '{0} posts published', sent.posts.length), false, { text: t('Undo'), run: () => void attempt(async () => {
    for (const s of [...sent.posts].reverse()) await remove(s.id);
    void openComposer({ draft: { ...d, server: null, tried: null, saving: null, idempotency: newKey() } });
  }) });
}

// Office programs put a picture of the words beside the words; a picture from a page has markup, but no plain text.
const isText = (d: DataTransfer | null): boolean => Boolean(d?.types.includes('text/html') && d.getData('text/plain').trim());

const describedBy = (s: Session): string => (s.start.edit ? t('Save') : s.draft.value.scheduledAt ? t('Plan') : s.draft.value.reply ? t('Reply') : t('Publish'));

export function Composer({ session: s, onDone }: { session: Session; onDone: () => void }) {
  const d = s.draft.value, l = s.limits.value, edits = Boolean(s.start.edit);
  const focused = useSignal(d.parts[0]!.key), picking = useSignal(false), options = useSignal(false), reminded = useSignal(false), previewing = useSignal(false), dragging = useSignal(false);
  const describing = useSignal<{ key: string; file: Attachment } | null>(null);
  const area = useRef<HTMLTextAreaElement | null>(null), input = useRef<HTMLInputElement>(null), form = useRef<HTMLFormElement>(null);
  const part = d.parts.find(p => p.key === focused.value) ?? d.parts[0]!;
  const without = s.undescribed();

  // Where the next key goes, as soon as it is drawn: a moment later words have been typed elsewhere.
  const next = useRef<{ key: string; caret?: number } | null>({ key: part.key });
  const focus = (key: string, caret?: number): void => { next.current = { key, caret }; };
  useLayoutEffect(() => {
    const to = next.current, a = to && form.current?.querySelector<HTMLTextAreaElement>(`textarea[data-part="${to.key}"]`);
    if (!a) return;
    const at = to.caret ?? a.value.length;
    next.current = null;
    a.focus();
    a.setSelectionRange(at, at);
  });

  const submit = async (e?: Event, anyway = false): Promise<void> => {
    e?.preventDefault();
    if (!s.ready()) return;
    if (without.length > 0 && !anyway && !reminded.value) {
      reminded.value = true;
      return;
    }
    const before = s.draft.peek();
    await attempt(async () => {
      const sent = await s.submit();
      onDone();
      if (sent) offerUndo(sent, before);
      else say(t('Changed'));
    });
  };

  const attach = (files: FileList | null | undefined): boolean => {
    if (!files || files.length === 0) return false;
    s.attach(part.key, [...files]);
    return true;
  };

  const pick = (what: string): void => {
    picking.value = false;
    const a = area.current, at = a?.dataset.part === part.key ? a.selectionStart : part.text.length, r = insert(part.text, at, a?.dataset.part === part.key ? a.selectionEnd : at, what);
    focus(part.key, r.caret);
    s.part(part.key, { text: r.text });
  };

  const more = (): (MenuItem | null)[] => [
    edits ? null : { icon: 'copy', text: t('Keep it for later and begin anew'), run: () => void attempt(async () => { await s.putAside(); onDone(); await openComposer(); }) },
    { icon: 'pen', text: t('Drafts'), run: () => { s.leave(); onDone(); navigate('/publish/drafts'); } },
    { icon: 'clock', text: t('Planned posts'), run: () => { s.leave(); onDone(); navigate('/publish/planned'); } },
    { icon: 'trash', text: edits ? t('Discard the changes') : t('Throw it away'), danger: true, run: () => void throwAway() },
  ];
  const throwAway = async (): Promise<void> => {
    if (s.empty() || edits) {
      await s.discard();
      onDone();
      return;
    }
    const kept = s.draft.peek();
    await s.discard();
    onDone();
    say(t('Thrown away'), false, { text: t('Undo'), run: () => void openComposer({ draft: { ...kept, server: null, saving: null } }) });
  };

  const to = d.reply ? postOf(d.reply) : undefined, author = to && person(to.accountId), quoted = d.quote ? postOf(d.quote) : undefined;
  return <>
    {sessionLost.value && <Lost writing={place.value.path === '/publish' ? undefined : s.start} />}
    <form ref={form} class={dragging.value ? 'composer dragging' : 'composer'} onSubmit={e => void submit(e)}
      onKeyDown={e => { if (e.key === 'Enter' && (e.ctrlKey || e.metaKey)) void submit(e); }}
      onPaste={e => { if (!isText(e.clipboardData) && attach(e.clipboardData?.files)) e.preventDefault(); }}
      onDragOver={e => { if (e.dataTransfer?.types.includes('Files')) { e.preventDefault(); dragging.value = true; } }} onDragLeave={() => { dragging.value = false; }}
      onDrop={e => { dragging.value = false; if (attach(e.dataTransfer?.files)) e.preventDefault(); }}>
      {d.reply && <div class="answered"><p class="reply-line"><Icon name="reply" /><span>{author ? tx('In reply to {0}', <bdi>@{author.acct}</bdi>) : t('In reply to somebody')}</span></p>
        {to && <p class="clamp quiet" dir="auto" lang={to.language ?? undefined}>{to.spoilerText || plain(to.content)}</p>}</div>}
      {d.parts.map((p, i) => <PartEditor key={p.key} part={p} index={i} of={d.parts.length} limits={l} uploads={s.uploads.value.filter(u => u.part === p.key)} edits={edits && Boolean(p.poll)}
        placeholder={i > 0 ? t('And then?') : d.reply ? t('What do you answer?') : t('What is on your mind?')} onChange={c => { reminded.value = false; s.part(p.key, c); }}
        onFocus={a => { area.current = a; focused.value = p.key; }} onRemove={() => { s.removePart(p.key); focus(s.draft.peek().parts[Math.max(0, i - 1)]!.key); }}
        onDescribe={file => { describing.value = { key: p.key, file }; }} onRetry={u => s.retry(u)} onDrop={u => s.dropUpload(u)} />)}
      {d.quote && <div class="composer-quote"><QuotedPost id={d.quote} />
        {quoted?.quoteApproval?.currentUser === 'manual' && <p class="quiet">{t('Its author is asked before the quote is shown.')}</p>}
        {quoted?.quoteApproval?.currentUser === 'denied' && <p class="fault">{t('Its author does not allow you to quote it.')}</p>}
        {!edits && <button type="button" class="link" onClick={() => s.update({ quote: null })}>{t('Do not quote it')}</button>}</div>}
      {d.markdown && previewing.value && <Preview parts={d.parts} language={d.language} />}
      {options.value && <Options draft={d} edits={edits} onChange={c => s.update(c)} />}
      {picking.value && <EmojiPicker onPick={pick} onClose={() => { picking.value = false; area.current?.focus(); }} />}
      {s.fault.value === 'time' && <p class="fault">{t('A planned post needs at least five minutes.')}</p>}
      {reminded.value && without.length > 0 && <div class="reminder" role="alert"><p>{tn('One file has no description. People who cannot see it would miss it.', '{0} files have no description. People who cannot see them would miss them.', without.length)}</p>
        <Button onClick={() => { describing.value = without[0]!; }}>{t('Describe')}</Button><Button onClick={() => void submit(undefined, true)}>{t('Post without')}</Button></div>}
      <div class="composer-bar">
        <label class="composer-choice"><Icon name={visibilities.find(v => v.value === d.visibility)?.icon ?? 'globe'} /><span class="sr">{t('Who may see it')}</span>
          <select value={d.visibility} disabled={edits} onChange={e => s.update({ visibility: e.currentTarget.value })}>{visibilities.map(v => <option key={v.value} value={v.value}>{t(v.text)}</option>)}</select></label>
        <LanguageSelect value={d.language} onChange={language => s.update({ language })} />
        <span class="saved quiet" role="status">{edits ? '' : states[s.saved.value] && t(states[s.saved.value]!)}</span>
      </div>
      <div class="composer-bar">
        <input ref={input} type="file" hidden multiple accept={l.types.join(',') || undefined} onChange={e => { attach(e.currentTarget.files); e.currentTarget.value = ''; }} />
        <IconButton icon="image" label={t('Add pictures, a film or a sound')} disabled={Boolean(part.poll)} onClick={() => input.current?.click()} />
        <IconButton icon="poll" label={t('Poll')} pressed={part.poll !== null} disabled={part.media.length > 0}
          onClick={() => s.part(part.key, { poll: part.poll ? null : { options: ['', ''], seconds: 86_400, multiple: false, hideTotals: false } })} />
        <IconButton icon="warning" label={t('Content warning')} pressed={part.warning !== null} onClick={() => s.part(part.key, { warning: part.warning === null ? '' : null })} />
        <button type="button" class="icon-button do-emoji" aria-label={t('Emoji')} title={t('Emoji')} aria-pressed={picking.value} onClick={() => { picking.value = !picking.value; }}><Icon name="smile" filled={picking.value} /></button>
        <button type="button" class="icon-button do-options" aria-label={t('More options')} title={t('More options')} aria-pressed={options.value} onClick={() => { options.value = !options.value; }}>
          <Icon name="gear" filled={options.value || Boolean(d.scheduledAt) || d.localOnly || d.expiresIn > 0 || d.markdown || Boolean(d.quotePolicy && mayBeQuoted(d.visibility))} /></button>
        {!edits && <IconButton icon="plus" label={t('Add another post to the thread')} class="do-thread" disabled={d.parts.length >= 25} onClick={() => { const made = s.addPart(part.key); focused.value = made.key; focus(made.key); }} />}
        {d.markdown && <IconButton icon="eye" label={t('Preview')} pressed={previewing.value} onClick={() => { previewing.value = !previewing.value; }} />}
        <MenuButton icon="more" label={t('More')} items={more} />
        <Button type="submit" kind="main" disabled={!s.ready()}>{describedBy(s)}</Button>
      </div>
    </form>
    {describing.value && <DescribeDialog file={describing.value.file} limit={l.description} onClose={() => { describing.value = null; }}
      onSave={(text, at) => s.describe(describing.value!.key, describing.value!.file, text, at)} />}
  </>;
}

const titleOf = (s: Session): string => (s.start.edit ? t('Edit post') : s.draft.value.reply ? t('Reply') : s.draft.value.parts.length > 1 ? t('New thread') : t('New post'));

export function ComposeDialog({ session: s, onClose }: { session: Session; onClose: () => void }) {
  const leave = async (): Promise<void> => {
    s.leave();
    onClose();
  };
  return <Dialog title={titleOf(s)} onClose={() => void leave()} class="compose"><Composer session={s} onDone={onClose} /></Dialog>;
}
