// The way of a report: which step follows which, and what is sent.
export type Category = 'spam' | 'violation' | 'legal' | 'other';
export type Step = 'category' | 'rules' | 'posts' | 'comment' | 'done';

export interface Report {
  accountId: string;
  category: Category | null;
  ruleIds: string[];
  statusIds: string[];
  comment: string;
  forward: boolean;
}

export const begin = (accountId: string, statusId?: string): Report => ({ accountId, category: null, ruleIds: [], statusIds: statusId ? [statusId] : [], comment: '', forward: false });

// hasRules: the server has rules one could name.
export function stepsOf(r: Report, hasRules: boolean): Step[] {
  return ['category', ...(r.category === 'violation' && hasRules ? ['rules' as const] : []), 'posts', 'comment', 'done'];
}

export function after(step: Step, r: Report, hasRules: boolean): Step {
  const all = stepsOf(r, hasRules);
  return all[Math.min(all.indexOf(step) + 1, all.length - 1)]!;
}

export function before(step: Step, r: Report, hasRules: boolean): Step | null {
  const all = stepsOf(r, hasRules), at = all.indexOf(step);
  return at <= 0 || step === 'done' ? null : all[at - 1]!;
}

export function mayGoOn(step: Step, r: Report): boolean {
  return step === 'category' ? r.category !== null : step === 'rules' ? r.ruleIds.length > 0 : true;
}

// As the server takes it; rules go only with a violation.
export function payload(r: Report): Record<string, unknown> {
  return { account_id: r.accountId, category: r.category ?? 'other', status_ids: r.statusIds, comment: r.comment.trim(), forward: r.forward,
    ...(r.category === 'violation' && r.ruleIds.length > 0 ? { rule_ids: r.ruleIds } : {}) };
}
