// What a browser calls itself, in a form one can read.
const engines: [RegExp, string][] = [[/Edg\w*\/(\d+)/, 'Edge'], [/OPR\/(\d+)/, 'Opera'], [/(?:Firefox|FxiOS)\/(\d+)/, 'Firefox'], [/(?:Headless)?(?:Chrome|CriOS)\/(\d+)/, 'Chrome'], [/Version\/(\d+).* Safari/, 'Safari']];
const systems: [RegExp, string][] = [[/Android/, 'Android'], [/iPhone|iPad/, 'iOS'], [/Windows/, 'Windows'], [/Mac OS X/, 'macOS'], [/CrOS/, 'ChromeOS'], [/Linux/, 'Linux']];

export function browserName(agent: string): string {
  const engine = engines.find(([r]) => r.test(agent)), system = systems.find(([r]) => r.test(agent));
  return engine ? [`${engine[1]} ${engine[0].exec(agent)![1]}`, system?.[1]].filter(Boolean).join(' · ') : agent;
}
