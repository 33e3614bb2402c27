// Private mentions, one row for each conversation; what comes while one looks moves up.
import { signal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { mastodon } from 'masto';
import { Column } from '../app/shell.tsx';
import { api } from '../api/client.ts';
import { subscribe } from '../api/stream.ts';
import { openComposer } from '../compose/open.tsx';
import { t } from '../i18n/index.ts';
import { current } from '../api/accounts.ts';
import { postPath } from '../status/status.tsx';
import { forgetPages, pages } from '../store/pages.ts';
import { person, putPerson } from '../store/people.ts';
import { post, putStatus } from '../store/posts.ts';
import { Paged } from '../timeline/paged.tsx';
import { Avatar, Name, Time } from '../ui/bits.tsx';
import { MailBones } from '../ui/bones.tsx';
import { confirm } from '../ui/dialog.tsx';
import { Emojified, plain } from '../ui/html.tsx';
import { MenuButton } from '../ui/menu.tsx';
import { attempt } from '../ui/toast.tsx';

interface Row {
  id: string;
  people: string[];
  last: string | null;
  unread: boolean;
}

const row = (c: mastodon.v1.Conversation): Row => ({ id: c.id, unread: c.unread, people: c.accounts.map(a => putPerson(a).id), last: c.lastStatus ? putStatus(c.lastStatus) : null });
const list = () => pages('conversations', () => api.v1.conversations.list({ limit: 20 }).values(), page => page.map(row));
const revision = signal(0);

const change = (id: string, with_: Partial<Row>): void => {
  const items = list().items;
  items.value = items.peek().map(r => (r.id === id ? { ...r, ...with_ } : r));
};

function arrived(c: mastodon.v1.Conversation): void {
  const items = list().items;
  items.value = [row(c), ...items.peek().filter(r => r.id !== c.id)];
}

async function mark(r: Row, unread: boolean): Promise<void> {
  change(r.id, { unread });
  const one = api.v1.conversations.$select(r.id);
  await (unread ? one.unread() : one.read());
}

async function remove(r: Row): Promise<void> {
  if (!await confirm(t('Remove this conversation?'), t('It goes from your list; the posts stay, and a new one brings it back.'), t('Remove'))) return;
  await api.v1.conversations.$select(r.id).remove();
  const items = list().items;
  items.value = items.peek().filter(x => x.id !== r.id);
}

function Conversation({ row: r }: { row: Row }) {
  const p = r.last ? post(r.last) : undefined, people = r.people.map(id => person(id)).filter(x => x !== undefined);
  if (!p) return null;
  const text = p.spoilerText || plain(p.content) || (p.mediaAttachments.length > 0 ? t('Media') : '');
  return <div class={`conversation ${r.unread ? 'unread' : ''}`}>
    <a class="conversation-link" href={postPath(p)} onClick={() => { if (r.unread) void mark(r, false).catch(() => undefined); }}>
      <span class="faces">{people.slice(0, 3).map(x => <Avatar key={x.id} person={x} size={40} />)}</span>
      <span class="conversation-text"><span class="conversation-names">{people.length === 0 ? <span class="quiet">{t('Only you')}</span> : people.map((x, i) => <>{i > 0 && ', '}<Name person={x} /></>)}</span><span class="clamp quiet" dir="auto">{p.accountId === current.value?.id && `${t('You')}: `}<Emojified text={text} emojis={p.emojis} /></span></span>
      <span class="quiet conversation-when"><Time iso={p.createdAt} />{r.unread && <span class="dot"><span class="sr">{t('unread')}</span></span>}</span>
    </a>
    <MenuButton icon="more" label={t('More')} items={() => [
      { icon: 'reply', text: t('Reply'), run: () => openComposer({ reply: p.id }) },
      { icon: r.unread ? 'check' : 'mail', text: r.unread ? t('Mark as read') : t('Mark as unread'), run: () => void attempt(() => mark(r, !r.unread)) },
      { icon: 'trash', text: t('Remove'), danger: true, run: () => void attempt(() => remove(r)) },
    ]} />
  </div>;
}

export function ConversationsView() {
  useEffect(() => {
    const again = (): void => {
      forgetPages('conversations');
      revision.value++;
    };
    const stop = subscribe({ stream: 'direct' }, ({ event, payload }) => { if (event === 'conversation') arrived(payload as mastodon.v1.Conversation); }, again);
    return () => {
      stop();
      forgetPages('conversations');
    };
  }, []);
  void revision.value;
  return <Column><Paged name="conversations" list={list()} label={t('Private mentions')} waits={MailBones} keyOf={c => c.id} draw={c => <Conversation row={c} />}
    empty={<p>{t('No private mentions. What you write to named people only, and what they write to you, stands here.')}</p>} /></Column>;
}
