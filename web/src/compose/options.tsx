// What is seldom changed: who may quote, when it appears, when it ends, for this server alone, how it is written.
import { dateTime, msg, t } from '../i18n/index.ts';
import { type Draft, mayBeQuoted } from './draft.ts';
import { SOONEST_MS } from './rules.ts';

const ends: { seconds: number; text: string }[] = [
  { seconds: 0, text: msg('Never') }, { seconds: 3600, text: msg('After 1 hour') }, { seconds: 86_400, text: msg('After 1 day') }, { seconds: 604_800, text: msg('After 7 days') },
  { seconds: 2_592_000, text: msg('After 30 days') }, { seconds: 31_536_000, text: msg('After 1 year') },
];

const policies: { value: string; text: string }[] = [
  { value: '', text: msg('As usual') }, { value: 'public', text: msg('Everybody') }, { value: 'followers', text: msg('Followers') }, { value: 'nobody', text: msg('Nobody') },
];

// What <input type=datetime-local> shows and gives is local time.
export function localTime(iso: string | null): string {
  if (!iso) return '';
  const d = new Date(iso);
  return Number.isNaN(d.getTime()) ? '' : new Date(d.getTime() - d.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

export function Options({ draft: d, edits, onChange }: { draft: Draft; edits: boolean; onChange: (c: Partial<Draft>) => void }) {
  const soonest = new Date(Math.ceil((Date.now() + SOONEST_MS) / 60_000) * 60_000).toISOString();
  return <fieldset class="composer-options"><legend class="sr">{t('More options')}</legend>
    {mayBeQuoted(d.visibility) && <label class="labelled"><span>{t('Who may quote it')}</span>
      <select value={d.quotePolicy ?? ''} onChange={e => onChange({ quotePolicy: e.currentTarget.value || null })}>{policies.map(p => <option value={p.value}>{t(p.text)}</option>)}</select></label>}
    <label class="labelled"><span>{t('Goes away')}</span>
      <select value={String(d.expiresIn)} onChange={e => onChange({ expiresIn: Number(e.currentTarget.value) })}>{ends.map(x => <option value={x.seconds}>{t(x.text)}</option>)}
        {!ends.some(x => x.seconds === d.expiresIn) && <option value={d.expiresIn}>{t('As it is')}</option>}</select></label>
    {!edits && <label class="labelled"><span>{t('Appears')}</span>
      <input type="datetime-local" value={localTime(d.scheduledAt)} min={localTime(soonest)} onInput={e => onChange({ scheduledAt: e.currentTarget.value ? new Date(e.currentTarget.value).toISOString() : null })} /></label>}
    {d.scheduledAt && <p class="quiet">{t('It will appear on {0}.', dateTime(d.scheduledAt))} <button type="button" class="link" onClick={() => onChange({ scheduledAt: null })}>{t('Post at once')}</button></p>}
    <label class="check"><input type="checkbox" checked={d.markdown} onChange={e => onChange({ markdown: e.currentTarget.checked })} /> {t('Markdown: **bold**, *italic*, lists, code')}</label>
    {!edits && <label class="check"><input type="checkbox" checked={d.localOnly} onChange={e => onChange({ localOnly: e.currentTarget.checked })} /> {t('Only for people of this server')}</label>}
  </fieldset>;
}
