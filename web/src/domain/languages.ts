/** The languages that the server tells apart, as ISO 639-1 codes. */
export const languages = (
  "ar bg bn ca cs da de el en es et eu fa fi fr ga gl he hi hr hu hy id it ja ka km ko lo lt lv ms ne nl no pl pt ro " +
  "ru sk sl sr sv ta te th tr uk ur vi zh"
).split(" ");

const names = new Intl.DisplayNames("en", { type: "language" });

/** Code and English name, in the order of the names. */
export const namedLanguages = languages
  .map((code) => ({ code, name: names.of(code) ?? code }))
  .sort((a, b) => a.name.localeCompare(b.name, "en"));
