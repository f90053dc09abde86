const browsers: [RegExp, string][] = [
  [/Edg\//, "Edge"],
  [/OPR\//, "Opera"],
  [/Firefox\//, "Firefox"],
  [/(HeadlessChrome|Chrome|CriOS)\//, "Chrome"],
  [/Safari\//, "Safari"],
];
const systems: [RegExp, string][] = [
  [/Android/, "Android"],
  [/iPhone|iPad|iPod/, "iOS"],
  [/Windows/, "Windows"],
  [/Mac OS X/, "macOS"],
  [/CrOS/, "ChromeOS"],
  [/Linux/, "Linux"],
];

const find = (table: [RegExp, string][], text: string) => table.find(([pattern]) => pattern.test(text))?.[1];

/** "Firefox on Linux" for browsers; for other clients the first word of what they call themselves. */
export function describeAgent(userAgent: string): { name: string; mobile: boolean } {
  const browser = find(browsers, userAgent);
  const system = find(systems, userAgent);
  const mobile = /Mobi|Android|iPhone|iPad/.test(userAgent);
  if (browser) return { name: system ? `${browser} on ${system}` : browser, mobile };
  return { name: userAgent.split(/[\s/]/)[0] || "Unknown client", mobile };
}
