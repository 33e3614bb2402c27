// Settings: where everything is, how it looks here, and the accounts of this browser.
import { Column } from '../app/shell.tsx';
import { current, logins, actAs } from '../api/accounts.ts';
import { signIn, signOut } from '../api/oauth.ts';
import { languages, msg, pick, setLanguage, t } from '../i18n/index.ts';
import { type Preferences, prefer, preferences } from '../store/preferences.ts';
import { Button } from '../ui/button.tsx';
import { Icon, type IconName } from '../ui/icon.tsx';
import { type Options, Choice, Section } from './parts.tsx';

const choices: { key: Exclude<keyof Preferences, 'columns' | 'tone'>; text: string; options: Options }[] = [
  { key: 'theme', text: msg('Colours'), options: [['auto', msg('As the system')], ['light', msg('Light')], ['dark', msg('Dark')]] },
  { key: 'contrast', text: msg('Contrast'), options: [['auto', msg('As the system')], ['more', msg('More')]] },
  { key: 'motion', text: msg('Motion'), options: [['auto', msg('As the system')], ['less', msg('Less')]] },
  { key: 'size', text: msg('Size of the text'), options: [['small', msg('Small')], ['normal', msg('Normal')], ['large', msg('Large')]] },
  { key: 'layout', text: msg('Layout in a wide window'), options: [['one', msg('One column')], ['columns', msg('Several columns')]] },
];

interface Page {
  href: string;
  icon: IconName;
  text: string;
}
const pages: Page[] = [
  { href: '/settings/profile', icon: 'person', text: msg('Profile and reach') },
  { href: '/settings/posting', icon: 'pen', text: msg('Posting and reading') },
  { href: '/settings/account', icon: 'mail', text: msg('E-mail, password, deletion') },
  { href: '/settings/access', icon: 'lock', text: msg('Second factor, sessions and apps') },
  { href: '/notifications/settings', icon: 'bell', text: msg('Who may notify you') },
  { href: '/filters', icon: 'filter', text: msg('Filters') },
  { href: '/follow_requests', icon: 'people', text: msg('Follow requests') },
  { href: '/followed_tags', icon: 'hash', text: msg('Followed hashtags') },
  { href: '/mutes', icon: 'mute', text: msg('Muted people') },
  { href: '/blocks', icon: 'block', text: msg('Blocked people') },
  { href: '/domain_blocks', icon: 'block', text: msg('Blocked servers') },
  { href: '/settings/cleanup', icon: 'trash', text: msg('Old posts') },
  { href: '/settings/data', icon: 'down', text: msg('Bring in and take along') },
  { href: '/settings/move', icon: 'outside', text: msg('Moving') },
  { href: '/settings/invites', icon: 'mail', text: msg('Invitations') },
  { href: '/start', icon: 'explore', text: msg('First steps') },
];

function Pages() {
  return <nav aria-label={t('Settings')}><ul class="rows">{pages.map(p => <li key={p.href}><a href={p.href}><Icon name={p.icon} /><span>{t(p.text)}</span></a></li>)}</ul></nav>;
}

function changeLanguage(v: string): void {
  prefer({ language: v });
  void setLanguage(pick([v, ...navigator.languages].filter(Boolean)));
}

export function SettingsView() {
  const p = preferences.value;
  return <Column>
    <Pages />
    <Section title={t('Appearance')}>
      {choices.map(c => <Choice label={t(c.text)} name={c.key} value={p[c.key]} options={c.options.map(([v, text]) => [v, t(text)])} onChange={v => prefer({ [c.key]: v })} />)}
      <Choice label={t('Language')} name="language" value={p.language} options={[['', t('As the browser')], ...Object.entries(languages)]} onChange={changeLanguage} />
    </Section>
    <Section title={t('Accounts in this browser')}>
      <ul class="rows">{logins.value.map(a => <li><button type="button" class="who" onClick={() => actAs(a.id)}><img class="avatar" src={a.avatar} alt="" width="40" height="40" /><span><bdi class="name">{a.name}</bdi><bdi class="handle">@{a.acct}</bdi></span>{a.id === current.value?.id && <Icon name="check" />}</button>
        <Button kind="danger" onClick={() => void signOut(a)}>{t('Sign out')}</Button></li>)}</ul>
      <Button onClick={() => void signIn('/settings', true)}><Icon name="plus" />{t('Add an account')}</Button>
    </Section>
  </Column>;
}
