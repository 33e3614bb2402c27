// People of this server, or of all servers known here, who want to be found.
import { useSignal } from '@preact/signals';
import { Column } from '../app/shell.tsx';
import { navigate, place } from '../app/router.ts';
import { call } from '../api/client.ts';
import { t } from '../i18n/index.ts';
import { pages } from '../store/pages.ts';
import { type Person, person, putPerson } from '../store/people.ts';
import { Paged } from '../timeline/paged.tsx';
import { PersonRow } from './follow.tsx';

const PAGE = 40;

// The directory is paged by how many one has seen.
async function* from(order: string, local: boolean): AsyncGenerator<Person[]> {
  for (let offset = 0; ; offset += PAGE) {
    const page = await call<Person[]>('GET', `/api/v1/directory?order=${order}&local=${local}&limit=${PAGE}&offset=${offset}`);
    if (page.length > 0) yield page;
    if (page.length < PAGE) return;
  }
}

function List({ order, local }: { order: string; local: boolean }) {
  const key = `directory:${order}:${local}`, list = useSignal(pages(key, () => from(order, local), page => page.map(p => putPerson(p).id))).value;
  return <Paged name={key} list={list} label={t('People')} keyOf={id => id} empty={<p>{t('Nobody is listed here yet.')}</p>} draw={id => { const p = person(id); return p ? <PersonRow person={p} /> : null; }} />;
}

export function DirectoryView() {
  const q = place.value.query, order = q.get('order') === 'new' ? 'new' : 'active', local = q.get('local') !== 'false';
  const go = (o: string, l: boolean): void => navigate(`/directory?order=${o}&local=${l}`, true);
  return <Column>
    <div class="toolbar">
      <label class="field"><span>{t('Order')}</span><select value={order} onChange={e => go(e.currentTarget.value, local)}><option value="active">{t('Who posted last')}</option><option value="new">{t('Newest people')}</option></select></label>
      <label class="field"><span>{t('From')}</span><select value={String(local)} onChange={e => go(order, e.currentTarget.value === 'true')}><option value="true">{t('This server')}</option><option value="false">{t('All known servers')}</option></select></label>
    </div>
    <List key={`${order}${local}`} order={order} local={local} />
  </Column>;
}
