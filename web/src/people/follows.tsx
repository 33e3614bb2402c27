// Who follows somebody, and whom they follow.
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { Column, useTitle } from '../app/shell.tsx';
import type { Params } from '../app/router.ts';
import { api } from '../api/client.ts';
import { t } from '../i18n/index.ts';
import { acctHere } from '../store/handle.ts';
import { pages } from '../store/pages.ts';
import { type Person, findByAcct, loadByAcct, putPerson } from '../store/people.ts';
import { Paged } from '../timeline/paged.tsx';
import { Failed, Tabs } from '../ui/bits.tsx';
import { TabbedPersonBones } from '../ui/bones.tsx';
import { Listed } from './follow.tsx';

function List({ of, which }: { of: Person; which: 'followers' | 'following' }) {
  const key = `${which}:${of.id}`;
  const list = pages(key, () => api.v1.accounts.$select(of.id)[which].list({ limit: 40 }).values(), page => page.map(a => putPerson(a).id));
  return <Paged name={key} list={list} label={which === 'followers' ? t('Followers') : t('Following')} keyOf={id => id} draw={id => <Listed id={id} />} empty={<p>{t('Nobody is shown here.')}</p>} />;
}

export function FollowsView({ params }: { params: Params }) {
  const acct = acctHere(params.acct!), which = params.which as 'followers' | 'following', p = findByAcct(acct), error = useSignal<unknown>(null);
  const load = (): void => void loadByAcct(acct).catch(e => { error.value = e; });
  useEffect(() => { if (!p) load(); }, [acct]);
  useTitle(p ? p.displayName || p.username : null);
  if (!p) return <Column>{error.value ? <Failed error={error.value} retry={load} /> : <TabbedPersonBones />}</Column>;
  return <Column>
    <Tabs label={t('People')} tabs={[{ href: `/@${acct}/following`, text: t('Following'), here: which === 'following' }, { href: `/@${acct}/followers`, text: t('Followers'), here: which === 'followers' }]} />
    <List of={p} which={which} />
  </Column>;
}
