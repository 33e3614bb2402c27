// One open composer: its draft, its uploads, its server copy.  The component draws it.
import { type Signal, computed, signal } from '@preact/signals';
import { current } from '../api/accounts.ts';
import { call, errorText, isUnanswered } from '../api/client.ts';
import { connected } from '../api/stream.ts';
import { onLeave } from '../app/leave.ts';
import { t } from '../i18n/index.ts';
import { me } from '../store/me.ts';
import { person } from '../store/people.ts';
import { loadPost, post as postOf, putStatus } from '../store/posts.ts';
import { addOwn } from '../store/timelines.ts';
import { say } from '../ui/toast.tsx';
import { type Attachment, type Draft, type Part, type Place, type Start, emptyDraft, emptyPart, fingerprint, isEmpty, keep, mentions, narrower, newKey } from './draft.ts';
import { rememberLanguage, usualLanguage } from './language.tsx';
import { type Limits, faultOf, limits, mayAttach } from './rules.ts';
import { type Sent, change, draftOf, publish } from './send.ts';
import { type SaveState, Saver, forgetServerCopy, freshen } from './sync.ts';
import { type Upload, focusText, kindOf, refuse, upload } from './upload.ts';

// The account's default; unknown (no connection yet): the narrow one that still is a post to followers.
const usualVisibility = (): string => (me.value?.source as { privacy?: string } | undefined)?.privacy ?? 'private';

async function begin(start: Start): Promise<Draft> {
  if (start.edit) return draftOf(start.edit);
  await known();
  const usual = { visibility: usualVisibility(), language: usualLanguage(), reply: start.reply ?? null, quote: start.quote ?? null };
  if (!start.reply) return emptyDraft({ ...usual, visibility: start.visibility ?? usual.visibility, parts: [emptyPart(start.text ?? '')] });
  if (!postOf(start.reply)) await loadPost(start.reply);
  const to = postOf(start.reply)!, author = person(to.accountId);
  const names = mentions(author?.acct ?? '', to.mentions.map(m => m.acct), current.value?.acct ?? '');
  return emptyDraft({ ...usual, visibility: narrower(to.visibility, usual.visibility), localOnly: to.localOnly ?? false, language: usual.language,
    parts: [{ ...emptyPart(names), warning: to.spoilerText || null, sensitive: to.sensitive }] });
}

// Closed composers whose last words are on their way to the server.
const leaving = new Set<Promise<void>>();

// Before another one opens: else it would find a draft whose copy on the server it does not know yet.
export async function settled(): Promise<void> {
  await Promise.race([Promise.all(leaving), new Promise(go => setTimeout(go, 3000))]);
}

// Who writes decides by the account's default; it is there a moment after the page.
async function known(): Promise<void> {
  if (me.value) return;
  let stop = (): void => undefined;
  await new Promise<void>(go => {
    stop = me.subscribe(m => { if (m) go(); });
    setTimeout(go, 4000);
  });
  stop();
}

export class Session {
  readonly draft: Signal<Draft>;
  readonly uploads = signal<Upload[]>([]);
  readonly saved = signal<SaveState>('idle');
  readonly busy = signal(false);
  readonly fault = computed(() => faultOf(this.draft.value, this.limits.value));
  readonly limits: Signal<Limits> = computed(limits) as Signal<Limits>;
  private readonly saver: Saver;
  private readonly names: string; // what stood there at the beginning
  private readonly stops: (() => void)[];
  private over = false;

  private constructor(readonly start: Start, readonly place: Place, initial: Draft, first: string) {
    this.draft = signal(initial);
    this.names = first;
    this.saver = new Saver(() => this.draft.peek(), c => this.update(c, false), () => !this.over && !this.start.edit && !this.empty() && !this.unsure(), (state, both) => {
      this.saved.value = state;
      if (both) say(t('This draft was also changed elsewhere. Both versions are kept as drafts.'));
    });
    addEventListener('beforeunload', this.onUnload);
    const leaves = onLeave(() => void this.saver.flush()), back = connected.subscribe(on => { if (on) this.resend(); });
    this.stops = [leaves, back, () => removeEventListener('beforeunload', this.onUnload)];
  }

  static async open(start: Start, place: Place): Promise<Session> {
    const kept = place.kept ?? start.draft ?? null;
    const d = kept ?? await begin(start);
    if (kept?.reply && !postOf(kept.reply)) await loadPost(kept.reply).catch(errorText);
    const s = new Session(start, place, d, kept ? '' : d.parts[0]!.text);
    if (start.draft && !place.kept) s.update({}, true);
    if (place.kept) void freshen(place.kept).then(newer => { if (newer && s.draft.peek() === d) s.draft.value = newer; });
    return s;
  }

  private readonly onUnload = (e: BeforeUnloadEvent): void => {
    if (this.uploads.peek().some(u => !u.error) || this.busy.peek()) e.preventDefault();
  };

  // Sent as a thread of its own, without an answer: only the same request, with its key, tells whether it is published.
  private unsure(): boolean {
    const d = this.draft.peek();
    return !d.server && d.tried !== null && d.tried === fingerprint(d);
  }

  empty(): boolean {
    return isEmpty(this.draft.peek(), this.names) && this.uploads.peek().length === 0;
  }

  update(c: Partial<Draft>, typed = true): void {
    this.draft.value = { ...this.draft.peek(), ...c };
    if (this.over) return;
    keep(this.place.key, this.draft.peek(), this.empty());
    if (!typed || this.start.edit) return;
    this.saved.value = 'waiting';
    this.saver.touch();
  }

  part(key: string, c: Partial<Part> | ((p: Part) => Partial<Part>)): void {
    this.update({ parts: this.draft.peek().parts.map(p => (p.key === key ? { ...p, ...(typeof c === 'function' ? c(p) : c) } : p)) });
  }

  addPart(after: string): Part {
    const made = emptyPart(), list = this.draft.peek().parts, at = list.findIndex(p => p.key === after);
    made.warning = list[at]?.warning ?? null;
    made.sensitive = list[at]?.sensitive ?? false;
    this.update({ parts: [...list.slice(0, at + 1), made, ...list.slice(at + 1)] });
    return made;
  }

  removePart(key: string): void {
    for (const u of this.uploads.peek()) if (u.part === key) this.dropUpload(u);
    this.update({ parts: this.draft.peek().parts.filter(p => p.key !== key) });
  }

  // ---- files --------------------------------------------------------------------------------------------------

  attach(key: string, files: readonly File[]): void {
    for (const file of files) {
      const part = this.draft.peek().parts.find(p => p.key === key), waiting = this.uploads.peek().filter(u => u.part === key);
      if (!part) return;
      const no = refuse(file, this.limits.peek())
        ?? (part.poll ? t('A poll and files do not go together') : null)
        ?? (mayAttach([...part.media.map(m => m.type), ...waiting.map(u => kindOf(u.file.type))], kindOf(file.type), this.limits.peek().media) ? null
          : t('One post takes {0} pictures, or one film or sound', this.limits.peek().media));
      if (no) say(no, true);
      else void this.send({ key: newKey(), part: key, file, progress: 0, error: null, unanswered: false, abort: () => undefined });
    }
  }

  private async send(u: Upload): Promise<void> {
    const stop = new AbortController(), set = (c: Partial<Upload>): void => { this.uploads.value = this.uploads.peek().map(x => (x.key === u.key ? { ...x, ...c } : x)); };
    this.uploads.value = [...this.uploads.peek().filter(x => x.key !== u.key), { ...u, progress: 0, error: null, unanswered: false, abort: () => stop.abort() }];
    try {
      const made = await upload(u.file, progress => set({ progress }), stop.signal);
      this.part(u.part, p => ({ media: [...p.media, made] }));
      this.uploads.value = this.uploads.peek().filter(x => x.key !== u.key);
    } catch (e) {
      if (!stop.signal.aborted) set({ error: errorText(e), unanswered: isUnanswered(e) });
    }
  }

  // The line is back.
  private resend(): void {
    for (const u of this.uploads.peek()) if (u.unanswered) this.retry(u);
  }

  retry(u: Upload): void {
    void this.send(u);
  }

  dropUpload(u: Upload): void {
    u.abort();
    this.uploads.value = this.uploads.peek().filter(x => x.key !== u.key);
  }

  // Files of a published post change with the post, others at once.
  async describe(key: string, file: Attachment, description: string, focus: { x: number; y: number }): Promise<void> {
    const published = this.start.edit && postOf(this.start.edit)?.mediaAttachments.some(m => m.id === file.id);
    const changed = published ? { ...file, description, meta: { ...file.meta, focus } } as Attachment
      : await call<Attachment>('PUT', `/api/v1/media/${file.id}`, { description, focus: focusText(focus) });
    this.part(key, p => ({ media: p.media.map(m => (m.id === file.id ? changed : m)) }));
  }

  undescribed(): { key: string; file: Attachment }[] {
    return this.draft.value.parts.flatMap(p => p.media.filter(m => !m.description).map(file => ({ key: p.key, file })));
  }

  // ---- the end ------------------------------------------------------------------------------------------------

  ready(): boolean {
    return !this.busy.value && this.fault.value === null && this.uploads.value.length === 0;
  }

  // Throws what the server said; everything stays as it is then.
  async submit(): Promise<Sent | null> {
    const d = this.draft.peek();
    this.busy.value = true;
    this.saver.stop();
    try {
      if (this.start.edit) {
        putStatus(await change(this.start.edit, d));
        this.finish();
        return null;
      }
      await this.saver.settled();
      // A key stands for the words it was sent with: other words are another post.
      if (this.draft.peek().tried !== null && this.draft.peek().tried !== fingerprint(this.draft.peek())) this.update({ idempotency: newKey() }, false);
      const before = this.draft.peek();
      this.update({ tried: fingerprint(before) }, false);
      const sent = await publish(before, () => this.saver.save());
      if (sent.kind === 'posted') for (const s of sent.posts) addOwn(s);
      rememberLanguage(d.language);
      this.finish();
      return sent;
    } finally {
      this.busy.value = false;
    }
  }

  private finish(): void {
    this.over = true;
    localStorage.removeItem(this.place.key);
    this.close();
  }

  async discard(): Promise<void> {
    const server = this.draft.peek().server;
    for (const u of this.uploads.peek()) u.abort();
    this.finish();
    await forgetServerCopy(server);
  }

  // Closed, but not thrown away: the server gets the last words.
  leave(): void {
    if (!this.over) {
      if (this.empty()) void forgetServerCopy(this.draft.peek().server);
      else {
        const last = this.saver.flush().finally(() => leaving.delete(last));
        leaving.add(last);
      }
    }
    this.close();
  }

  // Into the list of drafts, out of the way of the next post.
  async putAside(): Promise<void> {
    await this.saver.flush();
    const d = this.draft.peek();
    if (d.server?.synced !== fingerprint(d)) throw new Error(t('The server cannot be reached. The draft stays in this browser.'));
    this.finish();
  }

  private close(): void {
    for (const stop of this.stops) stop();
    this.place.release();
  }
}
