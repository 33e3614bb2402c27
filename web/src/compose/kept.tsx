// What waits: drafts that the server keeps, and posts that appear later.
import { type Signal, useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useEffect } from 'preact/hooks';
import { call } from '../api/client.ts';
import { Column } from '../app/shell.tsx';
import { dateTime, t, tn } from '../i18n/index.ts';
import { Empty, Failed, Spinner, Tabs, Time } from '../ui/bits.tsx';
import { Button, IconButton } from '../ui/button.tsx';
import { Dialog, confirm, show } from '../ui/dialog.tsx';
import { Icon } from '../ui/icon.tsx';
import { attempt, say } from '../ui/toast.tsx';
import { type Attachment, type Draft, type ServerDraft, type ServerPost, fromPosts } from './draft.ts';
import { openComposer } from './open.tsx';
import { localTime } from './options.tsx';
import { SOONEST_MS } from './rules.ts';
import { taken } from './sync.ts';

interface Planned {
  id: string;
  scheduledAt: string;
  params: ServerPost;
  thread: ServerPost[];
  mediaAttachments: Attachment[];
  failedAt: string | null;
  error: string | null;
}

const PAGE = 40;

interface Rows<T> {
  rows: Signal<T[] | null>;
  error: Signal<unknown>;
  whole: Signal<boolean>;
  more: () => Promise<void>;
  reload: () => void;
}

function useRows<T extends { id: string }>(path: string): Rows<T> {
  const rows = useSignal<T[] | null>(null), error = useSignal<unknown>(null), whole = useSignal(false), turn = useSignal(0);
  const more = async (): Promise<void> => {
    const before = rows.peek() ?? [], last = before.at(-1)?.id;
    try {
      const page = await call<T[]>('GET', `${path}?limit=${PAGE}${last ? `&max_id=${last}` : ''}`);
      whole.value = page.length < PAGE;
      rows.value = [...before, ...page];
      error.value = null;
    } catch (e) {
      error.value = e;
    }
  };
  useEffect(() => {
    rows.value = null;
    void more();
  }, [turn.value]);
  return { rows, error, whole, more, reload: () => { turn.value++; } };
}

function Listed<T extends { id: string }>({ of, none, draw, here }: { of: Rows<T>; none: string; draw: (row: T) => ComponentChildren; here: 'drafts' | 'planned' }) {
  const list = of.rows.value;
  return <Column>
    <Tabs label={t('What waits')} tabs={[{ href: '/publish/drafts', text: t('Drafts'), here: here === 'drafts' }, { href: '/publish/planned', text: t('Planned posts'), here: here === 'planned' }]} />
    {of.error.value ? <Failed error={of.error.value} retry={() => void of.more()} /> : list === null ? <Spinner /> : list.length === 0 ? <Empty><p>{none}</p></Empty>
      : <ul class="kept">{list.map(row => <li key={row.id}>{draw(row)}</li>)}</ul>}
    {list !== null && !of.whole.value && <p class="end"><Button onClick={() => void of.more()}>{t('Show more')}</Button></p>}
  </Column>;
}

function Words({ posts, files }: { posts: readonly ServerPost[]; files: readonly Attachment[] }) {
  return <>
    {posts[0]!.spoilerText && <p class="quiet"><Icon name="warning" /> {posts[0]!.spoilerText}</p>}
    <p class="clamp pre" dir="auto">{posts[0]!.text || t('(no text)')}</p>
    {(posts.length > 1 || files.length > 0) && <p class="quiet">{posts.length > 1 && tn('{0} post', '{0} posts', posts.length)}{posts.length > 1 && files.length > 0 && ' · '}{files.length > 0 && tn('{0} file', '{0} files', files.length)}</p>}
  </>;
}

// ---- drafts -----------------------------------------------------------------------------------------------------

export function DraftsView() {
  const of = useRows<ServerDraft>('/api/v1/drafts');
  const drop = async (row: ServerDraft): Promise<void> => {
    if (await confirm(t('Throw this draft away?'), row.posts[0]!.text.slice(0, 200), t('Throw it away')))
      await attempt(async () => {
        await call('DELETE', `/api/v1/drafts/${row.id}`);
        of.reload();
      });
  };
  return <Listed of={of} here="drafts" none={t('Nothing waits here. What you begin to write is kept until you post it.')} draw={row => <>
    <button type="button" class="kept-open" onClick={() => void openComposer({ draft: taken(row) })}><Words posts={row.posts} files={row.mediaAttachments} />
      <p class="quiet"><Time iso={row.updatedAt} /></p></button>
    <IconButton icon="trash" label={t('Throw it away')} onClick={() => void drop(row)} />
  </>} />;
}

// ---- planned ----------------------------------------------------------------------------------------------------

function MoveDialog({ row, onMoved, onClose }: { row: Planned; onMoved: () => void; onClose: () => void }) {
  const at = useSignal(row.scheduledAt), soon = Date.parse(at.value) < Date.now() + SOONEST_MS;
  const save = (): Promise<boolean> => attempt(async () => {
    await call('PUT', `/api/v1/scheduled_statuses/${row.id}`, { scheduled_at: at.value });
    onClose();
    onMoved();
    say(t('It will appear on {0}.', dateTime(at.value)));
  });
  return <Dialog title={t('Another time')} onClose={onClose} class="small">
    <label class="stacked"><span>{t('Appears')}</span><input type="datetime-local" value={localTime(at.value)} onInput={e => { if (e.currentTarget.value) at.value = new Date(e.currentTarget.value).toISOString(); }} /></label>
    {soon && <p class="fault">{t('A planned post needs at least five minutes.')}</p>}
    <div class="actions"><Button kind="main" disabled={soon} onClick={() => void save()}>{t('Save')}</Button><Button onClick={onClose}>{t('Cancel')}</Button></div>
  </Dialog>;
}

const asDraft = (row: Planned): Draft => ({ ...fromPosts([row.params, ...row.thread], row.mediaAttachments), scheduledAt: row.scheduledAt });

export function PlannedView() {
  const of = useRows<Planned>('/api/v1/scheduled_statuses');
  const drop = (row: Planned): Promise<unknown> => call('DELETE', `/api/v1/scheduled_statuses/${row.id}`).then(() => of.reload());
  // First it stands in the composer and in this browser, then it goes from the list: no moment in which it is nowhere.
  const edit = (row: Planned): Promise<boolean> => attempt(async () => {
    await openComposer({ draft: asDraft(row) });
    await drop(row);
  });
  const remove = async (row: Planned): Promise<void> => {
    if (await confirm(t('Throw this post away?'), t('It will not appear.'), t('Throw it away'))) await attempt(() => drop(row));
  };
  return <Listed of={of} here="planned" none={t('No post waits for its time.')} draw={row => <>
    <div class="kept-open">
      <p><Icon name="clock" /> <time dateTime={row.scheduledAt}>{dateTime(row.scheduledAt)}</time></p>
      <Words posts={[row.params, ...row.thread]} files={row.mediaAttachments} />
      {row.failedAt && <p class="fault">{t('It could not be posted: {0}', row.error ?? '')}</p>}
      <div class="actions"><Button onClick={() => show(close => <MoveDialog row={row} onMoved={of.reload} onClose={close} />)}>{t('Another time')}</Button><Button onClick={() => void edit(row)}>{t('Edit')}</Button></div>
    </div>
    <IconButton icon="trash" label={t('Throw it away')} onClick={() => void remove(row)} />
  </>} />;
}
