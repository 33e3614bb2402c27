// What a new post is at first, and how posts are shown: kept by the server, so that apps know it as well.
import { useMemo } from 'preact/hooks';
import { Column } from '../app/shell.tsx';
import { call, camel } from '../api/client.ts';
import { language, languages, msg, t } from '../i18n/index.ts';
import { named } from '../people/languages.tsx';
import { attempt, say } from '../ui/toast.tsx';
import { Changes } from './changes.ts';
import { type Options, Choice, Loaded, Section, Tick } from './parts.tsx';

type Settings = Record<string, string | boolean | null>;

const choices: { name: string; text: string; options: Options }[] = [
  { name: 'posting:default:visibility', text: msg('Who sees a new post'), options: [['public', msg('Public')], ['unlisted', msg('Quiet public')], ['private', msg('Followers only')]] },
  { name: 'posting:default:quote_policy', text: msg('Who may quote it'), options: [['public', msg('Anybody')], ['followers', msg('Followers')], ['nobody', msg('Nobody')]] },
  { name: 'reading:expand:media', text: msg('Media'), options: [['default', msg('Hide sensitive media')], ['show_all', msg('Show all')], ['hide_all', msg('Hide all')]] },
];
const ticks: { name: string; text: string; more?: string; part: 'posting' | 'reading' | 'account' }[] = [
  { name: 'posting:default:sensitive', text: msg('Mark my media as sensitive'), part: 'posting' },
  { name: 'posting:show_application', text: msg('Show with which app I post'), part: 'posting' },
  { name: 'reading:expand:spoilers', text: msg('Open content warnings at once'), part: 'reading' },
  { name: 'reading:autoplay:gifs', text: msg('Play moving pictures at once'), part: 'reading' },
  { name: 'account:email_subscriptions', text: msg('People may subscribe to my public posts by e-mail'), part: 'account' },
];

const keyOf = (name: string): string => Object.keys(camel({ [name]: 0 }) as object)[0]!;

function Page({ settings: known, set }: { settings: Settings; set: (s: Settings) => void }) {
  const changes = useMemo(() => new Changes<string | boolean | null>(), []), settings: Settings = { ...known, ...changes.chosen.value };
  const change = (name: string, value: string | boolean | null): void => void attempt(() => changes.make(keyOf(name), value, async () => {
    set(await call<Settings>('PATCH', '/api/v1/settings', { [name]: value }, {}, { keepalive: true }));
    say(t('Saved'));
  }));
  const chosen = (part: string) => choices.filter(c => c.name.startsWith(part)).map(c => <Choice label={t(c.text)} name={c.name} value={String(settings[keyOf(c.name)])} options={c.options.map(([v, text]) => [v, t(text)])} onChange={v => change(c.name, v)} />);
  const ticked = (part: string) => <div>{ticks.filter(x => x.part === part).map(x => <Tick key={x.name} text={t(x.text)} more={x.more && t(x.more)} checked={settings[keyOf(x.name)] === true} onChange={on => change(x.name, on)} />)}</div>;
  const lang = (settings[keyOf('posting:default:language')] as string | null) ?? '';
  return <>
    <Section title={t('New posts')}>{chosen('posting')}
      <label class="field"><span>{t('Language of my posts')}</span><select value={lang} onChange={e => change('posting:default:language', e.currentTarget.value || null)}><option value="">{t('As the interface')}</option>
        {named(lang ? [lang] : [], navigator.languages, language.value).map(([code, name]) => <option value={code}>{name}</option>)}</select></label>
      {ticked('posting')}</Section>
    <Section title={t('Reading')}>{chosen('reading')}{ticked('reading')}</Section>
    <Section title={t('Mail')}>{ticked('account')}
      <Choice label={t('Language of messages from the server')} name="locale" value={String(settings.locale)} options={Object.entries(languages)} onChange={v => change('locale', v)} /></Section>
  </>;
}

export function PostingSettings() {
  return <Column><Loaded load={() => call<Settings>('GET', '/api/v1/settings')} draw={(s, set) => <Page settings={s} set={set} />} /></Column>;
}
