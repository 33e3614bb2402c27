// Taking one's lists along and bringing them in: CSV files as other servers write them.
import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { Column } from '../app/shell.tsx';
import { call, download } from '../api/client.ts';
import { bytes, dateTime, msg, percent, t, tn } from '../i18n/index.ts';
import { PartBones } from '../ui/bones.tsx';
import { Button } from '../ui/button.tsx';
import { Icon } from '../ui/icon.tsx';
import { attempt } from '../ui/toast.tsx';
import { Loaded, Section } from './parts.tsx';

interface Import {
  id: string;
  type: string;
  state: 'waiting' | 'running' | 'finished';
  rows: number;
  done: number;
  failed: number;
  createdAt: string;
}

// bring: what the server reads as well as it writes it.
const kinds: { kind: string; text: string; bring: boolean }[] = [
  { kind: 'following', text: msg('People I follow'), bring: true },
  { kind: 'lists', text: msg('Lists'), bring: true },
  { kind: 'blocks', text: msg('Blocked people'), bring: true },
  { kind: 'mutes', text: msg('Muted people'), bring: true },
  { kind: 'domain_blocks', text: msg('Blocked servers'), bring: true },
  { kind: 'bookmarks', text: msg('Bookmarks'), bring: true },
  { kind: 'followers', text: msg('Followers'), bring: false },
];
const textOf = (kind: string): string => t(kinds.find(k => k.kind === kind)?.text ?? '');
const EVERY = 2000;

function Progress({ one, again }: { one: Import; again: () => Promise<void> }) {
  const state = one.state === 'finished' ? t('Finished') : one.state === 'running' ? percent(one.rows > 0 ? one.done / one.rows : 0) : t('Waiting');
  return <li class="import"><div><b>{textOf(one.type)}</b> <span class="quiet">{dateTime(one.createdAt)} · {state} · {tn('{0} line', '{0} lines', one.rows)}</span>
    {one.state !== 'finished' && <progress max={Math.max(one.rows, 1)} value={one.done} aria-label={textOf(one.type)} />}
    {one.failed > 0 && <p class="bad-text">{tn('{0} line could not be brought in.', '{0} lines could not be brought in.', one.failed)} <button type="button" class="link" onClick={() => void attempt(() => download(`/api/v1/imports/${one.id}/failures`, `${one.type}-failures.csv`))}>{t('Get them as a file')}</button></p>}</div>
    <Button kind="danger" onClick={() => void attempt(async () => { await call('DELETE', `/api/v1/imports/${one.id}`); await again(); })}>{one.state === 'finished' ? t('Remove') : t('Stop')}</Button></li>;
}

// Asks again while something is going on.
function Imports({ list, again }: { list: Import[]; again: () => Promise<void> }) {
  const busy = list.some(i => i.state !== 'finished');
  useEffect(() => {
    if (!busy) return;
    const timer = setInterval(() => void again(), EVERY);
    return () => clearInterval(timer);
  }, [busy]);
  return list.length === 0 ? null : <ul class="rows imports">{list.map(i => <Progress one={i} again={again} key={i.id} />)}</ul>;
}

function Bring({ again }: { again: () => Promise<void> }) {
  const kind = useSignal('following'), overwrite = useSignal(false), busy = useSignal(false), file = useRef<HTMLInputElement>(null);
  const send = async (e: Event): Promise<void> => {
    e.preventDefault();
    const form = new FormData(), data = file.current?.files?.[0];
    if (!data || busy.peek()) return;
    form.set('type', kind.peek());
    form.set('mode', overwrite.peek() ? 'overwrite' : 'merge');
    form.set('data', data);
    busy.value = true;
    if (await attempt(() => call('POST', '/api/v1/imports', form))) {
      (e.target as HTMLFormElement).reset();
      await again();
    }
    busy.value = false;
  };
  return <form class="stack" onSubmit={e => void send(e)}>
    <label class="field"><span>{t('What')}</span><select value={kind.value} onChange={e => { kind.value = e.currentTarget.value; }}>{kinds.filter(k => k.bring).map(k => <option value={k.kind}>{t(k.text)}</option>)}</select></label>
    <label class="field"><span>{t('File')}</span><input ref={file} type="file" accept=".csv,text/csv" required /></label>
    <label class="field"><span>{t('What is there already')}</span><select value={String(overwrite.value)} onChange={e => { overwrite.value = e.currentTarget.value === 'true'; }}><option value="false">{t('stays')}</option><option value="true">{t('is replaced')}</option></select></label>
    <div class="actions"><Button type="submit" kind="main" busy={busy.value}>{t('Bring in')}</Button></div>
  </form>;
}

interface Archive {
  id: string;
  state: 'waiting' | 'ready' | 'failed';
  bytes: number;
  posts: number;
  files: number;
  filesLeftOut: number;
  createdAt: string;
  expiresAt: string;
}

function OneArchive({ one }: { one: Archive }) {
  if (one.state === 'failed') return <p class="bad-text">{t('It could not be made. You can ask again.')}</p>;
  if (one.state === 'waiting') return <p role="status">{t('It is being made. You can leave this page and come back later.')}</p>;
  return <div class="stack archive">
    <p>{tn('{0} post', '{0} posts', one.posts)} · {tn('{0} file', '{0} files', one.files)} · {bytes(one.bytes)} <span class="quiet">· {t('until {0}', dateTime(one.expiresAt))}</span></p>
    {one.filesLeftOut > 0 && <p class="bad-text">{tn('{0} file had no room or is gone.', '{0} files had no room or are gone.', one.filesLeftOut)}</p>}
    <div class="actions"><Button kind="main" onClick={() => void attempt(() => download(`/api/v1/archives/${one.id}/file`, 'archive.zip'))}><Icon name="down" />{t('Download')}</Button></div>
  </div>;
}

// Asks again while one is being made.
function Archives({ list, again }: { list: Archive[]; again: () => Promise<void> }) {
  const last = list[0], busy = last?.state === 'waiting';
  useEffect(() => {
    if (!busy) return;
    const timer = setInterval(() => void again(), EVERY);
    return () => clearInterval(timer);
  }, [busy]);
  return <>
    <p>{t('Your posts, what you favourited and bookmarked, your lists and your files as one ZIP file. You can ask for it once in 7 days.')}</p>
    {last && <OneArchive one={last} />}
    {(!last || last.state === 'failed') && <div class="actions"><Button onClick={() => void attempt(async () => { await call('POST', '/api/v1/archives'); await again(); })}>{t('Ask for an archive')}</Button></div>}
  </>;
}

export function DataSettings() {
  return <Column>
    <Section title={t('Everything')}><Loaded waits={PartBones} load={() => call<Archive[]>('GET', '/api/v1/archives')} draw={(list, _, again) => <Archives list={list} again={again} />} /></Section>
    <Section title={t('Take along')}><ul class="exports">{kinds.map(k => <li key={k.kind}><button type="button" class="link" onClick={() => void attempt(() => download(`/api/v1/exports/${k.kind}`, `${k.kind}.csv`))}>{t(k.text)}</button></li>)}</ul></Section>
    <Section title={t('Bring in from a file')}><Loaded waits={PartBones} load={() => call<Import[]>('GET', '/api/v1/imports')} draw={(list, _, again) => <><Bring again={again} /><Imports list={list} again={again} /></>} /></Section>
  </Column>;
}
