import { FileUp, Trash2 } from "lucide-react";
import { useId, useRef, useState } from "react";
import { namedLanguages } from "@/domain/languages";
import { Button, IconButton } from "@/ui/button";
import { SelectField } from "@/ui/field";
import { ownName, suiting } from "../captions";
import type { Describable, Describing } from "../describing";
import { acceptedCaptions } from "../own-captions";

interface CaptionsFieldProps {
  video: Describable;
  acts: Describing;
}

const codes = namedLanguages.map(({ code }) => code);

/** The captions of a video, a file for each language: added, replaced and removed at once, not only when the dialog is saved. */
export function CaptionsField({ video, acts }: CaptionsFieldProps) {
  const { key, mediaId, captions } = video;
  const id = useId();
  const [picked, setPicked] = useState<string | null>(null);
  const { busy, error, done, run } = useChange();
  const free = codes.filter((code) => !captions.includes(code));
  const language = picked && free.includes(picked) ? picked : (suiting(free, navigator.languages) ?? free[0]);
  const put = (language: string, file: File) =>
    run(language, `Captions in ${ownName(language)} are in place.`, () => acts.caption(key, language, file));
  const remove = (language: string) =>
    run(language, `Captions in ${ownName(language)} are removed.`, () => acts.removeCaptions(key, language));
  return (
    <section aria-labelledby={id} className="space-y-3 border-t border-line pt-4">
      <h3 id={id} className="font-bold">
        Captions
      </h3>
      <p className="text-[14.5px] text-muted">
        {mediaId
          ? "What is said and heard, as WebVTT (.vtt) or SubRip (.srt)."
          : "They can be added as soon as the video has been uploaded."}
      </p>
      {captions.length > 0 && (
        <ul aria-labelledby={id} className="divide-y divide-line rounded-xl border border-line">
          {captions.map((each) => (
            <li key={each} className="px-3.5 py-1.5">
              <div className="flex min-h-9 items-center gap-2">
                <span lang={each} className="flex-1 font-medium">
                  {ownName(each)}
                </span>
                <FileButton
                  label={`Replace ${ownName(each)}`}
                  text="Replace"
                  disabled={busy}
                  onFile={(file) => put(each, file)}
                />
                <IconButton label={`Remove ${ownName(each)}`} disabled={busy} onClick={() => remove(each)}>
                  <Trash2 />
                </IconButton>
              </div>
              {error?.language === each && <Refusal text={error.text} />}
            </li>
          ))}
        </ul>
      )}
      {mediaId && language && (
        <div>
          <div className="flex items-end gap-2.5">
            <div className="min-w-0 flex-1">
              <SelectField
                label="Language"
                value={language}
                onChange={(event) => setPicked(event.target.value)}
                options={namedLanguages
                  .filter(({ code }) => free.includes(code))
                  .map(({ code, name }) => [code, name] as const)}
              />
            </div>
            <FileButton
              label="Add captions"
              text="Add file"
              tall
              disabled={busy}
              onFile={(file) => put(language, file)}
            />
          </div>
          {error && !captions.includes(error.language) && <Refusal text={error.text} />}
        </div>
      )}
      <p role="status" className="sr-only">
        {done}
      </p>
    </section>
  );
}

/** One change at a time: whether it is under way, how it ended, and for which language it was refused. */
function useChange() {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<{ language: string; text: string } | null>(null);
  const [done, setDone] = useState("");
  const run = (language: string, success: string, change: () => Promise<void>) => {
    setBusy(true);
    setError(null);
    setDone("");
    change()
      .then(
        () => setDone(success),
        (refusal: Error) => setError({ language, text: refusal.message }),
      )
      .finally(() => setBusy(false));
  };
  return { busy, error, done, run };
}

/** It comes into view by itself; its "-->" is no arrow, but what has to be typed. */
function Refusal({ text }: { text: string }) {
  return (
    <p
      ref={(shown) => shown?.scrollIntoView({ block: "nearest" })}
      role="alert"
      className="mt-1.5 scroll-my-5 text-sm text-danger [font-variant-ligatures:none]"
    >
      {text}
    </p>
  );
}

interface FileButtonProps {
  label: string;
  text: string;
  tall?: boolean;
  disabled: boolean;
  onFile: (file: File) => void;
}

function FileButton({ label, text, tall = false, disabled, onFile }: FileButtonProps) {
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <Button
        variant="secondary"
        size={tall ? "md" : "sm"}
        aria-label={label}
        disabled={disabled}
        onClick={() => input.current?.click()}
        className={tall ? "mb-1" : ""}
      >
        <FileUp className="size-4" aria-hidden="true" /> {text}
      </Button>
      <input
        ref={input}
        type="file"
        accept={acceptedCaptions}
        hidden
        onChange={({ target }) => {
          const [file] = target.files ?? [];
          target.value = "";
          if (file) onFile(file);
        }}
      />
    </>
  );
}
