// The language of a post: the ones used lately first, then all, by their names in the reader's language.
import { useMemo } from 'preact/hooks';
import { current } from '../api/accounts.ts';
import { language as shown, t } from '../i18n/index.ts';
import { me } from '../store/me.ts';

const codes = ('aa ab af ak am an ar as av ay az ba be bg bi bm bn bo br bs ca ce ch co cs cu cv cy da de dv dz ee el en eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ' +
  'ht hu hy hz ia id ie ig ii ik io is it iu ja jv ka kg ki kj kk kl km kn ko kr ks ku kv kw ky la lb lg li ln lo lt lu lv mg mh mi mk ml mn mr ms mt my na nb nd ne ng nl nn no nr nv ny oc ' +
  'oj om or os pa pi pl ps pt qu rm rn ro ru rw sa sc sd se sg si sk sl sm sn so sq sr ss st su sv sw ta te tg th ti tk tl tn to tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo za zh zu').split(' ');

const keyOf = (): string => `dassie.languages.${current.value?.id ?? ''}`;

export function lately(): string[] {
  try {
    const list: unknown = JSON.parse(localStorage.getItem(keyOf()) ?? '[]');
    return Array.isArray(list) ? list.filter((x): x is string => typeof x === 'string').slice(0, 5) : [];
  } catch {
    return [];
  }
}

export function rememberLanguage(code: string): void {
  if (code) localStorage.setItem(keyOf(), JSON.stringify([code, ...lately().filter(x => x !== code)].slice(0, 5)));
}

export const usualLanguage = (): string => lately()[0] || (me.value?.source as { language?: string | null } | undefined)?.language || shown.value;

export function LanguageSelect({ value, onChange }: { value: string; onChange: (code: string) => void }) {
  const list = useMemo(() => {
    const names = new Intl.DisplayNames(shown.value, { type: 'language', fallback: 'code' }), first = [...new Set([...lately(), usualLanguage(), shown.value])];
    const rest = codes.filter(c => !first.includes(c)).map(c => ({ code: c, name: names.of(c) ?? c })).sort((a, b) => a.name.localeCompare(b.name, shown.value));
    return { first: first.map(c => ({ code: c, name: names.of(c) ?? c })), rest };
  }, [shown.value]);
  const known = [...list.first, ...list.rest].some(x => x.code === value);
  return <label class="composer-choice"><span class="sr">{t('Language of the post')}</span>
    <select value={value} onChange={e => onChange(e.currentTarget.value)}>
      {!known && value && <option value={value}>{value}</option>}
      {list.first.map(x => <option key={x.code} value={x.code}>{x.name}</option>)}
      <hr />
      {list.rest.map(x => <option key={x.code} value={x.code}>{x.name}</option>)}
    </select></label>;
}
