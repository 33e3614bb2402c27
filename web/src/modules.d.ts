declare module 'locale:*' {
  const texts: Record<string, string | string[]>;
  export default texts;
}
declare module 'emoji:signs' {
  const signs: [group: number, sign: string, ...tones: string[]][];
  export default signs;
}
declare module 'emoji:*' {
  const names: string[];
  export default names;
}
declare module '*.svg' {
  const url: string;
  export default url;
}
