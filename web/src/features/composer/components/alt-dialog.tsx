import { useId, useState } from "react";
import { cx } from "@/lib/cx";
import { fullNumber } from "@/lib/numbers";
import { Button } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import type { Attachment, Attachments } from "../attachments";
import { CaptionsField } from "./captions-field";
import { FocusPicker } from "./focus-picker";
import { Preview } from "./preview";

interface AltDialogProps {
  attachment: Attachment;
  attachments: Attachments;
  onClose: () => void;
}

/** Characters (Unicode code points) that the API takes. */
const most = 10_000;

/** What is to be known of an attachment beside itself: its description, where to look at in a picture, captions of a video. */
export function AltDialog({ attachment, attachments, onClose }: AltDialogProps) {
  const id = useId();
  const [alt, setAlt] = useState(attachment.alt);
  const [focus, setFocus] = useState(attachment.focus);
  const focusable = attachment.kind === "image" ? attachment.preview : null;
  const length = [...alt.trim()].length;
  const over = length > most;
  const save = () => {
    attachments.describe(attachment.key, { alt: alt.trim(), focus });
    onClose();
  };
  const action = (
    <Button size="sm" disabled={over} onClick={save}>
      Save
    </Button>
  );
  return (
    <Dialog open nested onOpenChange={onClose} title="Description" action={action} wide fullOnPhone>
      <div className="space-y-3 px-5 pb-5">
        {focusable ? (
          <FocusPicker src={focusable} focus={focus} onChange={setFocus} />
        ) : (
          <div className="relative mx-auto h-52 overflow-hidden rounded-xl bg-surface">
            <Preview attachment={attachment} whole />
          </div>
        )}
        <label htmlFor={id} className="block text-[14.5px] text-muted">
          What is to be seen? People who cannot see it have it read to them.
        </label>
        <textarea
          id={id}
          rows={5}
          dir="auto"
          value={alt}
          aria-invalid={over || undefined}
          aria-describedby={`${id}-count`}
          onChange={(event) => setAlt(event.target.value)}
          onKeyDown={(event) => {
            if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && !over) save();
          }}
          className="w-full resize-none rounded-xl border border-line-strong bg-bg px-3.5 py-2.5 text-base focus:border-accent focus:outline-2 focus:-outline-offset-1 focus:outline-accent"
        />
        <p
          id={`${id}-count`}
          className={cx("text-right text-[13px] tabular-nums", over ? "text-danger" : "text-muted")}
        >
          {fullNumber(length)} / {fullNumber(most)}
        </p>
        {attachment.kind === "video" && <CaptionsField attachment={attachment} attachments={attachments} />}
      </div>
    </Dialog>
  );
}
