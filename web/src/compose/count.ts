// The length of a post as the server counts it (text/link.h): graphemes, every http(s) link as so many, of @name@server only @name.
const LABEL = String.raw`[\p{L}\p{M}\p{N}](?:[\p{L}\p{M}\p{N}_-]*[\p{L}\p{M}\p{N}])?`;
const TOP = String.raw`(?:xn--[a-z0-9-]+|[a-z]{2,}|[^\x00-\x7f\s\p{P}]+)(?![a-z0-9@+_-])`;
const IN_PATH = String.raw`[^\s<>()?\x00-\x1f]`, ENDS_PATH = String.raw`[^\s<>()?\x00-\x1f!*"';:=,.$%\[\]~&|「」]`;
const GROUP = String.raw`\(${IN_PATH}*(?:\(${IN_PATH}+\)${IN_PATH}*)?\)`;
const QUERY = String.raw`(?:\?(?:[a-z0-9!?*'();:&=+$/%#\[\]\-_.,~|@^]*[a-z0-9_&=#/-]))?`;
const URL_ = String.raw`(?<![a-z0-9@$#＠＃])https?:\/\/(?:${LABEL}\.)+${TOP}(?::\d+)?(?:\/(?:${IN_PATH}*(?:${ENDS_PATH}|${GROUP}))*)?${QUERY}`;
const USER = '[a-z0-9_]+(?:[.-]+[a-z0-9_]+)*';
const MENTION = String.raw`(?<![\p{L}\p{M}\p{N}\p{Pc}=/])@(${USER})(?:@[\p{L}\p{M}\p{N}_.-]*[\p{L}\p{M}\p{N}_])?`;
const entity = new RegExp(`${URL_}|${MENTION}`, 'giu');

let segmenter: Intl.Segmenter | undefined;

export function graphemes(text: string): number {
  if (/^[\x20-\x7e\n]*$/.test(text)) return text.length;
  segmenter ??= new Intl.Segmenter(undefined, { granularity: 'grapheme' });
  let n = 0;
  for (const _ of segmenter.segment(text)) n++;
  return n;
}

export function count(text: string, warning = '', perLink = 23): number {
  const short = text.replace(entity, (all: string, user: string | undefined, at: number) => {
    if (user === undefined) return 'x'.repeat(perLink);
    const after = text.slice(at + all.length);
    return /^(@|:\/\/|[À-ɏ])/.test(after) ? all : `@${user}`;
  });
  return graphemes(short) + graphemes(warning);
}
