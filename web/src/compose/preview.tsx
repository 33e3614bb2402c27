// How Markdown will look, as the server makes it; follows what is typed a moment later.
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { call, errorText } from '../api/client.ts';
import { t } from '../i18n/index.ts';
import { emojis } from '../store/me.ts';
import { Html } from '../ui/html.tsx';
import type { Part } from './draft.ts';

export function Preview({ parts, language }: { parts: readonly Part[]; language: string }) {
  const html = useSignal<string[]>([]), error = useSignal<string | null>(null);
  const text = JSON.stringify(parts.map(p => p.text));
  useEffect(() => {
    let over = false;
    const timer = setTimeout(() => {
      Promise.all((JSON.parse(text) as string[]).map(status => call<{ content: string }>('POST', '/api/v1/statuses/preview', { status, content_type: 'text/markdown' }))).then(list => {
        if (over) return;
        html.value = list.map(x => x.content);
        error.value = null;
      }, e => { if (!over) error.value = errorText(e); });
    }, html.peek().length > 0 ? 400 : 0);
    return () => {
      over = true;
      clearTimeout(timer);
    };
  }, [text]);
  return <section class="preview" aria-label={t('Preview')}>
    {error.value ? <p class="fault">{error.value}</p> : html.value.map((x, i) => <Html key={i} html={x} emojis={emojis.value} lang={language} />)}
  </section>;
}
