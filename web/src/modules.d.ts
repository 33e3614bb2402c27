declare module 'locale:*' {
  const texts: Record<string, string | string[]>;
  export default texts;
}
declare module '*.svg' {
  const url: string;
  export default url;
}
