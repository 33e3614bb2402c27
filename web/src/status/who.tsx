// Who boosted, favourited and quoted a post.
import { Column } from '../app/shell.tsx';
import type { Params } from '../app/router.ts';
import { api } from '../api/client.ts';
import { msg, t } from '../i18n/index.ts';
import { Listed } from '../people/follow.tsx';
import { pages } from '../store/pages.ts';
import { putPerson } from '../store/people.ts';
import { putStatuses } from '../store/posts.ts';
import { Paged } from '../timeline/paged.tsx';
import { Tabs } from '../ui/bits.tsx';
import { PostBones } from '../ui/bones.tsx';
import { Status } from './status.tsx';

const tabs = [{ which: 'reblogs', text: msg('Boosts') }, { which: 'favourites', text: msg('Favourites') }, { which: 'quotes', text: msg('Quotes') }];

function People({ id, which }: { id: string; which: 'reblogs' | 'favourites' }) {
  const one = api.v1.statuses.$select(id), key = `${which}:${id}`;
  const list = pages(key, () => (which === 'reblogs' ? one.rebloggedBy : one.favouritedBy).list().values(), page => page.map(a => putPerson(a).id));
  return <Paged name={key} list={list} label={t(tabs.find(x => x.which === which)!.text)} keyOf={p => p} draw={p => <Listed id={p} />}
    empty={<p>{which === 'reblogs' ? t('Nobody has boosted this yet.') : t('Nobody has favourited this yet.')}</p>} />;
}

function Quotes({ id }: { id: string }) {
  const key = `quotes:${id}`, list = pages(key, () => api.v1.statuses.$select(id).quotes.list().values(), putStatuses);
  return <Paged waits={PostBones} name={key} list={list} label={t('Quotes')} keyOf={p => p} draw={p => <Status id={p} />} empty={<p>{t('Nobody has quoted this yet.')}</p>} />;
}

export function WhoView({ params }: { params: Params }) {
  const { acct, id, which } = params as Record<'acct' | 'id' | 'which', string>;
  return <Column>
    <Tabs label={t('Post')} tabs={tabs.map(x => ({ href: `/@${acct}/${id}/${x.which}`, text: t(x.text), here: x.which === which }))} />
    {which === 'quotes' ? <Quotes key={id} id={id} /> : <People key={which + id} id={id} which={which as 'reblogs' | 'favourites'} />}
  </Column>;
}
