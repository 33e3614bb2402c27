// How a post was changed: every version, with what came and went.
import { useSignal } from '@preact/signals';
import type { mastodon } from 'masto';
import { useEffect } from 'preact/hooks';
import { api } from '../api/client.ts';
import { dateTime, t } from '../i18n/index.ts';
import type { Post } from '../store/posts.ts';
import { Spinner } from '../ui/bits.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { plain } from '../ui/html.tsx';
import { diff } from './diff.ts';

export function History({ post, onClose }: { post: Post; onClose: () => void }) {
  const versions = useSignal<mastodon.v1.StatusEdit[] | null>(null);
  useEffect(() => { void api.v1.statuses.$select(post.id).history.list().then(v => { versions.value = v as mastodon.v1.StatusEdit[]; }, () => { versions.value = []; }); }, []);
  const list = versions.value;
  return <Dialog title={t('Edits')} onClose={onClose}>
    {list === null ? <Spinner /> : <ol class="history">{list.map((v, i) => ({ v, before: list[i - 1] })).reverse().map(({ v, before }) => <li key={v.createdAt}>
      <h3>{before ? t('Edited {0}', dateTime(v.createdAt)) : t('Written {0}', dateTime(v.createdAt))}</h3>
      {v.spoilerText && <p class="quiet" dir="auto">{v.spoilerText}</p>}
      <p dir="auto" class="pre">{before ? diff(plain(before.content), plain(v.content)).map(([kind, text]) => (kind === '=' ? text : kind === '+' ? <ins>{text}</ins> : <del>{text}</del>)) : plain(v.content)}</p>
    </li>)}</ol>}
  </Dialog>;
}
