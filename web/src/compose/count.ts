// The length of a post as the server counts it: graphemes, every link as 23, of @name@server only @name.
const LINK_LENGTH = 23;
const links = /https?:\/\/[^\s<>"]+/gi;
const remote = /(^|[^\w/@])@([a-z0-9_]+(?:[a-z0-9_.-]*[a-z0-9_])?)@[a-z0-9.-]+[a-z0-9]/gi;

const segmenter = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

export function count(text: string, warning = ''): number {
  const short = text.replace(links, 'x'.repeat(LINK_LENGTH)).replace(remote, '$1@$2');
  let n = 0;
  for (const _ of segmenter.segment(short + warning)) n++;
  return n;
}
