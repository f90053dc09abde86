import { describe, expect, it } from "vitest";
import { ownName, showing, suiting } from "./captions";

describe("suiting", () => {
  it("prefers the reader's first language, in their own spelling of it", () => {
    expect(suiting(["en", "pt", "pt-BR"], ["pt-BR", "en"])).toBe("pt-BR");
    expect(suiting(["de", "en"], ["fr", "en-US", "de"])).toBe("en");
    expect(suiting(["zh-Hant"], ["zh-TW"])).toBe("zh-Hant");
  });

  it("finds nothing for who reads none of them", () => {
    expect(suiting(["de"], ["en", "den"])).toBeNull();
    expect(suiting([], ["en"])).toBeNull();
  });
});

describe("showing", () => {
  it("shows the reader's language while there is no sound, unless they chose", () => {
    expect(showing(["de", "en"], null, true, ["en-GB"])).toBe("en");
    expect(showing(["de", "en"], null, false, ["en-GB"])).toBeNull();
    expect(showing(["de", "en"], "off", true, ["en-GB"])).toBeNull();
    expect(showing(["de", "en"], "de", false, ["en-GB"])).toBe("de");
  });

  it("leaves a choice that a video does not have for those that do", () => {
    expect(showing(["en"], "de", true, ["en"])).toBeNull();
  });
});

describe("ownName", () => {
  it("is in the language itself", () => {
    expect(ownName("de")).toBe("Deutsch");
    expect(ownName("pt-BR")).toBe("Português (Brasil)");
  });

  it("is the tag where nobody knows a name", () => {
    expect(ownName("qq")).toBe("Qq");
  });
});
