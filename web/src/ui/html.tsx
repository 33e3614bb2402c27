// HTML of posts and profiles as elements.  The server has cleaned it; here only what is on the list is built, never as a string.
import { type ComponentChild, h } from 'preact';
import { useMemo } from 'preact/hooks';
import { mayMove } from '../store/preferences.ts';

interface Emoji {
  shortcode: string;
  url: string;
  staticUrl?: string;
}
export interface Mention {
  acct: string;
  url: string;
}

const allowed = new Set('P BR SPAN A DEL S PRE BLOCKQUOTE CODE B STRONG U I EM UL OL LI RUBY RT RP H1 H2 H3 H4 H5 H6'.split(' '));
const classes = /^(mention|hashtag|invisible|ellipsis|quote-inline|h-card|u-url)$/;

function EmojiImage({ emoji: e }: { emoji: Emoji }) {
  const name = `:${e.shortcode}:`;
  return <img class="emoji" src={mayMove() ? e.url : e.staticUrl ?? e.url} alt={name} title={name} draggable={false} loading="lazy" />;
}

// ":cat:" becomes its picture where the list has one.
export function withEmoji(text: string, emojis: readonly Emoji[]): ComponentChild[] {
  if (emojis.length === 0 || !text.includes(':')) return [text];
  return text.split(/(:[A-Za-z0-9_]+:)/).map(part => {
    const found = part.startsWith(':') ? emojis.find(e => `:${e.shortcode}:` === part) : undefined;
    return found ? <EmojiImage emoji={found} /> : part;
  });
}

// Where a link of a post leads inside the client, or null.
export function inside(link: { href: string; text: string; className: string }, mentions: readonly Mention[]): string | null {
  const mention = mentions.find(m => m.url === link.href);
  if (mention) return `/@${mention.acct}`;
  if (/(^|\s)hashtag(\s|$)/.test(link.className) || /\/tags?\/[^/]+$/.test(link.href) && link.text.startsWith('#'))
    return `/tags/${encodeURIComponent(link.text.replace(/^#/, ''))}`;
  if (typeof location !== 'undefined' && link.href.startsWith(`${location.origin}/@`)) return link.href.slice(location.origin.length);
  return null;
}

function build(node: Node, emojis: readonly Emoji[], mentions: readonly Mention[]): ComponentChild {
  if (node.nodeType === Node.TEXT_NODE) return withEmoji(node.textContent ?? '', emojis);
  if (!(node instanceof Element)) return null;
  const children = [...node.childNodes].map(n => build(n, emojis, mentions));
  if (!allowed.has(node.tagName)) return children;
  const name = node.localName, props: Record<string, string> = {};
  const className = [...node.classList].filter(c => classes.test(c)).join(' ');
  if (className) props.class = className;
  for (const key of ['lang', 'dir', 'start', 'reversed', 'value']) if (node.hasAttribute(key)) props[key] = node.getAttribute(key)!;
  if (name === 'a') {
    const href = node.getAttribute('href') ?? '';
    if (!/^https?:\/\//i.test(href) && !/^(dat|dweb|ipfs|ipns|ssb|gopher|xmpp|magnet|gemini):/i.test(href)) return children;
    const path = inside({ href, text: node.textContent ?? '', className: node.className }, mentions);
    props.href = path ?? href;
    props.dir = 'auto'; // its letters do not decide which way the text around it runs
    if (!path) Object.assign(props, { target: '_blank', rel: 'nofollow noopener' });
  }
  return h(name.replace(/^h[1-6]$/, 'strong'), props, children);
}

export function Html({ html, emojis = [], mentions = [], lang, class: extra = '' }: { html: string; emojis?: readonly Emoji[]; mentions?: readonly Mention[];
  lang?: string | null; class?: string }) {
  const tree = useMemo(() => [...new DOMParser().parseFromString(html, 'text/html').body.childNodes].map(n => build(n, emojis, mentions)), [html, emojis]);
  return <div class={`content ${extra}`} dir="auto" lang={lang ?? undefined}>{tree}</div>;
}

// An address that somebody else gave: only one of the web is followed.
export const webUrl = (url: string | null | undefined): string | undefined => (/^https?:\/\//i.test(url ?? '') ? url! : undefined);

export function Emojified({ text, emojis }: { text: string; emojis: readonly Emoji[] }) {
  return <>{withEmoji(text, emojis)}</>;
}

export const plain = (html: string): string => new DOMParser().parseFromString(html.replace(/<\/p>|<br[^>]*>/g, '$& '), 'text/html').body.textContent?.trim() ?? '';
