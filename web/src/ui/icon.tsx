// Our own icons: one sprite, drawn on 24 by 24 with strokes in the colour of the text.
import sprite from './icons.svg';

export type IconName = 'home' | 'bell' | 'search' | 'explore' | 'globe' | 'people' | 'person' | 'list' | 'hash' | 'bookmark' | 'star' | 'gear' | 'pen'
  | 'reply' | 'boost' | 'quote' | 'smile' | 'more' | 'lock' | 'unlisted' | 'mail' | 'eye' | 'hide' | 'close' | 'back' | 'next' | 'previous' | 'check'
  | 'image' | 'poll' | 'warning' | 'plus' | 'down' | 'up' | 'play' | 'pin' | 'bot' | 'link' | 'outside' | 'trash' | 'flag' | 'mute' | 'block'
  | 'leave' | 'translate' | 'clock' | 'filter' | 'copy' | 'keyboard' | 'refresh' | 'thread' | 'grip' | 'columns';

// esbuild names the file beside the script that asks for it.
const url = new URL(sprite, import.meta.url).pathname;

export function Icon({ name, filled = false }: { name: IconName; filled?: boolean }) {
  return <svg class={filled ? 'icon filled' : 'icon'} aria-hidden="true"><use href={`${url}#${name}`} /></svg>;
}
