// The answers of a poll, and how long it runs.
import { msg, t } from '../i18n/index.ts';
import { IconButton } from '../ui/button.tsx';
import { graphemes } from './count.ts';
import type { PollDraft } from './draft.ts';
import { type Limits, pollOptions, pollProblem } from './rules.ts';

const durations: { seconds: number; text: string }[] = [
  { seconds: 300, text: msg('5 minutes') }, { seconds: 1800, text: msg('30 minutes') }, { seconds: 3600, text: msg('1 hour') }, { seconds: 21_600, text: msg('6 hours') },
  { seconds: 86_400, text: msg('1 day') }, { seconds: 259_200, text: msg('3 days') }, { seconds: 604_800, text: msg('7 days') },
];

const problems: Record<string, string> = { few: msg('A poll needs at least two answers.'), same: msg('Two answers are the same.'), long: msg('An answer is too long.') };

export function PollEditor({ poll, limits: l, fixed, onChange }: { poll: PollDraft; limits: Limits; fixed: boolean; onChange: (p: PollDraft | null) => void }) {
  const set = (c: Partial<PollDraft>): void => onChange({ ...poll, ...c });
  const option = (i: number, text: string): void => set({ options: pollOptions(poll.options.map((o, k) => (k === i ? text : o)), l.options) });
  const problem = pollProblem(poll, l), some = poll.options.some(o => o !== '');
  return <fieldset class="poll-editor"><legend>{t('Poll')}</legend>
    {poll.options.map((o, i) => <label key={i} class="poll-answer"><span class="sr">{t('Answer {0}', i + 1)}</span>
      <input dir="auto" value={o} placeholder={t('Answer {0}', i + 1)} aria-invalid={graphemes(o.trim()) > l.optionCharacters} onInput={e => option(i, e.currentTarget.value)} />
      <span class="quiet" aria-hidden="true">{l.optionCharacters - graphemes(o.trim())}</span></label>)}
    <div class="poll-options">
      <label class="labelled"><span>{t('Open for')}</span><select value={poll.endsAt ? '' : String(poll.seconds)} onChange={e => set({ seconds: Number(e.currentTarget.value), endsAt: undefined })}>
        {poll.endsAt && <option value="">{t('As it is')}</option>}
        {durations.filter(d => d.seconds >= l.pollSeconds[0] && d.seconds <= l.pollSeconds[1]).map(d => <option value={d.seconds}>{t(d.text)}</option>)}</select></label>
      <label class="check"><input type="checkbox" checked={poll.multiple} onChange={e => set({ multiple: e.currentTarget.checked })} /> {t('Several answers')}</label>
      <label class="check"><input type="checkbox" checked={poll.hideTotals} onChange={e => set({ hideTotals: e.currentTarget.checked })} /> {t('Hide the numbers until it ends')}</label>
      <IconButton icon="trash" label={t('Remove the poll')} onClick={() => onChange(null)} />
    </div>
    {poll.endsAt && Date.parse(poll.endsAt) < Date.now() && <p class="quiet">{t('The poll has ended. Saving opens it again for five minutes.')}</p>}
    {fixed && <p class="quiet">{t('Changing the answers takes back all votes.')}</p>}
    {some && problem && <p class="fault">{t(problems[problem]!)}</p>}
  </fieldset>;
}
