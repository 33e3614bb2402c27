// Settings: how it looks here, and where the rest is.
import type { ComponentChildren } from 'preact';
import { Column } from '../app/shell.tsx';
import { current, logins, actAs } from '../api/accounts.ts';
import { signIn, signOut } from '../api/oauth.ts';
import { languages, msg, pick, setLanguage, t } from '../i18n/index.ts';
import { type Preferences, prefer, preferences } from '../store/preferences.ts';
import { Button } from '../ui/button.tsx';
import { Icon } from '../ui/icon.tsx';

type Options = [value: string, text: string][];
const choices: { key: keyof Preferences; text: string; options: Options }[] = [
  { key: 'theme', text: msg('Colours'), options: [['auto', msg('As the system')], ['light', msg('Light')], ['dark', msg('Dark')]] },
  { key: 'contrast', text: msg('Contrast'), options: [['auto', msg('As the system')], ['more', msg('More')]] },
  { key: 'motion', text: msg('Motion'), options: [['auto', msg('As the system')], ['less', msg('Less')]] },
  { key: 'size', text: msg('Size of the text'), options: [['small', msg('Small')], ['normal', msg('Normal')], ['large', msg('Large')]] },
];

function Choice({ label, name, value, options, onChange }: { label: string; name: string; value: string; options: Options; onChange: (v: string) => void }) {
  return <fieldset class="segmented"><legend>{label}</legend>
    {options.map(([v, text]) => <label><input type="radio" name={name} value={v} checked={v === value} onChange={() => onChange(v)} /><span>{text}</span></label>)}
  </fieldset>;
}

function Section({ title, children }: { title: string; children: ComponentChildren }) {
  return <section class="pad settings-section"><h2>{title}</h2>{children}</section>;
}

function changeLanguage(v: string): void {
  prefer({ language: v });
  void setLanguage(pick([v, ...navigator.languages].filter(Boolean)));
}

export function SettingsView() {
  const p = preferences.value;
  return <Column>
    <Section title={t('Appearance')}>
      {choices.map(c => <Choice label={t(c.text)} name={c.key} value={p[c.key]} options={c.options.map(([v, text]) => [v, t(text)])} onChange={v => prefer({ [c.key]: v })} />)}
      <Choice label={t('Language')} name="language" value={p.language} options={[['', t('As the browser')], ...Object.entries(languages)]} onChange={changeLanguage} />
    </Section>
    <Section title={t('Accounts in this browser')}>
      <ul class="rows">{logins.value.map(a => <li><button type="button" class="who" onClick={() => actAs(a.id)}><img class="avatar" src={a.avatar} alt="" width="40" height="40" /><span><bdi class="name">{a.name}</bdi><bdi class="handle">@{a.acct}</bdi></span>{a.id === current.value?.id && <Icon name="check" />}</button>
        <Button kind="danger" onClick={() => void signOut(a)}>{t('Sign out')}</Button></li>)}</ul>
      <Button onClick={() => void signIn('/settings', true)}><Icon name="plus" />{t('Add an account')}</Button>
    </Section>
    <Section title={t('Security')}>
      <p><a href="/settings/security">{t('Password and second factor')}</a></p>
      <p><a href="/settings/sessions">{t('Sessions and apps')}</a></p>
    </Section>
  </Column>;
}
