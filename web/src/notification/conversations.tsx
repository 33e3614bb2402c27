// Private mentions, one row for each conversation.
import { Column } from '../app/shell.tsx';
import { api } from '../api/client.ts';
import { t } from '../i18n/index.ts';
import { postPath } from '../status/status.tsx';
import { pages } from '../store/pages.ts';
import { person, putPerson } from '../store/people.ts';
import { post, putStatus } from '../store/posts.ts';
import { Paged } from '../timeline/paged.tsx';
import { Avatar, Name, Time } from '../ui/bits.tsx';
import { plain } from '../ui/html.tsx';

interface Row {
  id: string;
  people: string[];
  last: string | null;
  unread: boolean;
}

function Conversation({ row }: { row: Row }) {
  const p = row.last ? post(row.last) : undefined, people = row.people.map(id => person(id)).filter(x => x !== undefined);
  if (!p) return null;
  const open = (): void => { if (row.unread) void api.v1.conversations.$select(row.id).read().catch(() => undefined); };
  return <a class={`conversation ${row.unread ? 'unread' : ''}`} href={postPath(p)} onClick={open}>
    <span class="faces">{people.slice(0, 3).map(x => <Avatar person={x} size={40} />)}</span>
    <span class="conversation-text"><span>{people.map((x, i) => <>{i > 0 && ', '}<Name person={x} /></>)} <span class="quiet"><Time iso={p.createdAt} /></span></span><span class="clamp quiet" dir="auto">{p.spoilerText || plain(p.content)}</span></span>
    {row.unread && <span class="dot"><span class="sr">{t('unread')}</span></span>}
  </a>;
}

export function ConversationsView() {
  const list = pages('conversations', () => api.v1.conversations.list({ limit: 20 }).values(), page => page.map((c): Row => ({ id: c.id, unread: c.unread,
    people: c.accounts.map(a => putPerson(a).id), last: c.lastStatus ? putStatus(c.lastStatus) : null })));
  return <Column><Paged name="conversations" list={list} label={t('Private mentions')} keyOf={c => c.id} draw={c => <Conversation row={c} />} empty={<p>{t('No private mentions.')}</p>} /></Column>;
}
