// Which languages of somebody's posts one wants to see.
import { useSignal } from '@preact/signals';
import { language, t } from '../i18n/index.ts';
import { type Person, follow, relationship } from '../store/people.ts';
import { Button } from '../ui/button.tsx';
import { Dialog, show } from '../ui/dialog.tsx';
import { attempt } from '../ui/toast.tsx';

const common = 'ar bg bn ca cs da de el en eo es et eu fa fi fr ga gl he hi hr hu id is it ja ka ko lt lv nb nl nn pl pt ro ru sk sl sr sv th tr uk vi zh'.split(' ');

// Codes with their names in the reader's language, the reader's own first.
export function named(chosen: readonly string[], reads: readonly string[], shown: string): [code: string, name: string][] {
  const names = new Intl.DisplayNames([shown], { type: 'language' }), first = [...new Set([...chosen, ...reads.map(l => l.split('-')[0]!.toLowerCase())])];
  const rest = common.filter(c => !first.includes(c)).map((c): [string, string] => [c, names.of(c) ?? c]).sort((a, b) => a[1].localeCompare(b[1], shown));
  return [...first.map((c): [string, string] => [c, names.of(c) ?? c]), ...rest];
}

function LanguagesDialog({ person: p, close }: { person: Person; close: () => void }) {
  const chosen = useSignal<string[]>(relationship(p.id).peek()?.languages ?? []);
  const list = useSignal(named(chosen.peek(), navigator.languages, language.peek())).value;
  const toggle = (code: string, on: boolean): void => { chosen.value = on ? [...chosen.peek(), code] : chosen.peek().filter(c => c !== code); };
  const run = async (e: Event): Promise<void> => {
    e.preventDefault();
    if (await attempt(() => follow(p.id, true, { languages: chosen.peek() }))) close();
  };
  return <Dialog title={t('Languages of {0}', `@${p.acct}`)} onClose={close}>
    <form class="stack" onSubmit={e => void run(e)}>
      <p>{t('Your home timeline shows only their posts in these languages. None chosen: all of them.')}</p>
      <fieldset class="ticks many"><legend class="sr">{t('Languages')}</legend>
        {list.map(([code, name]) => <label class="tick" key={code}><input type="checkbox" checked={chosen.value.includes(code)} onChange={e => toggle(code, e.currentTarget.checked)} /><span lang={language.value}>{name}</span></label>)}</fieldset>
      <div class="actions"><Button type="submit" kind="main">{t('Save')}</Button><Button onClick={close}>{t('Cancel')}</Button></div>
    </form>
  </Dialog>;
}

export const askLanguages = (p: Person): void => show(close => <LanguagesDialog person={p} close={close} />);
