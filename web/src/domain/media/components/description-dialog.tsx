import { type KeyboardEvent, Suspense, useId, useState } from "react";
import { ApiError, messageOf } from "@/api/problem";
import { cx } from "@/lib/cx";
import { lazy } from "@/lib/lazy";
import { fullNumber } from "@/lib/numbers";
import { Button } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { FormError } from "@/ui/field";
import { useMedia } from "@/ui/use-media";
import {
  changesOf,
  type Describable,
  type Describing,
  type Description,
  type Drafts,
  lengthOf,
  longestAlt,
} from "../describing";
import { CaptionsField } from "./captions-field";
import { DescriptionStrip } from "./description-strip";
import { FocusPicker } from "./focus-picker";
import { Preview } from "./preview";

const ConfirmDialog = lazy(() =>
  import("@/ui/confirm-dialog").then((all) => ({ default: all.ConfirmDialog })),
);

interface DescriptionDialogProps {
  /** At least one. */
  items: readonly Describable[];
  /** The key of the one to begin with. */
  start: string;
  acts: Describing;
  /** Opens above another dialog. */
  nested?: boolean;
  onClose: () => void;
  /** Gets the focus once it is closed, where what opened it is gone. */
  focusAfter?: (() => HTMLElement | null) | undefined;
}

/**
 * What is to be known of pictures and videos beside themselves: their descriptions, where to look at in a picture, captions of
 * a video. All that was written is saved together; what the server refuses stays open, at its field.
 */
export default function DescriptionDialog(props: DescriptionDialogProps) {
  const { items, start, acts, nested = false, onClose, focusAfter } = props;
  const [shown, setShown] = useState(start);
  const { drafts, write, over, unsaved, busy, errors, save } = useDrafts(items, acts, (refused) =>
    refused === null ? onClose() : setShown(refused),
  );
  const [leaving, setLeaving] = useState(false);
  const item = items.find(({ key }) => key === shown) ?? (items[0] as Describable);
  const place = items.indexOf(item);
  const action = (
    <Button size="sm" disabled={over} busy={busy} onClick={save}>
      Save
    </Button>
  );
  return (
    <Dialog
      open
      nested={nested}
      onOpenChange={() => (unsaved ? setLeaving(true) : onClose())}
      title={items.length > 1 ? `Description ${place + 1} of ${items.length}` : "Description"}
      action={action}
      focusAfter={focusAfter}
      wide
      fullOnPhone
    >
      <div className="space-y-3 px-5 pb-5">
        {items.length > 1 && (
          <DescriptionStrip items={items} drafts={drafts} shown={item.key} onShow={setShown} />
        )}
        <Fields
          key={item.key}
          item={item}
          draft={drafts[item.key] ?? {}}
          error={errors[item.key]}
          acts={acts}
          onWrite={(change) => write(item.key, change)}
          onSave={save}
        />
      </div>
      <Suspense>
        {leaving && (
          <ConfirmDialog
            open
            onOpenChange={setLeaving}
            title="Discard changes?"
            text="What you have changed here is not saved yet."
            confirm="Discard"
            cancel="Keep editing"
            onConfirm={onClose}
          />
        )}
      </Suspense>
    </Dialog>
  );
}

/** What is written and not saved yet. `onSaved` hears the key of the first that was refused, or null. */
function useDrafts(
  items: readonly Describable[],
  acts: Describing,
  onSaved: (refused: string | null) => void,
) {
  const [drafts, setDrafts] = useState<Drafts>({});
  const [errors, setErrors] = useState<Readonly<Record<string, unknown>>>({});
  const [busy, setBusy] = useState(false);
  const changes = changesOf(items, drafts);
  const over = changes.some(([, { alt }]) => alt !== undefined && lengthOf(alt) > longestAlt);
  const write = (key: string, change: Partial<Description>) => {
    setDrafts((before) => ({ ...before, [key]: { ...before[key], ...change } }));
    setErrors((before) => ({ ...before, [key]: undefined }));
  };
  const save = async () => {
    if (busy || over) return;
    setBusy(true);
    const answers = await Promise.allSettled(changes.map(([key, change]) => acts.describe(key, change)));
    const refused = changes.flatMap(([key], index) => {
      const answer = answers[index];
      return answer?.status === "rejected" ? [[key, answer.reason as unknown] as const] : [];
    });
    setBusy(false);
    setErrors(Object.fromEntries(refused));
    onSaved(refused[0]?.[0] ?? null);
  };
  return { drafts, write, over, unsaved: changes.length > 0, busy, errors, save: () => void save() };
}

interface FieldsProps {
  item: Describable;
  draft: Partial<Description>;
  error: unknown;
  acts: Describing;
  onWrite: (change: Partial<Description>) => void;
  onSave: () => void;
}

function Fields({ item, draft, error, acts, onWrite, onSave }: FieldsProps) {
  const id = useId();
  const handy = useMedia("(pointer: fine)");
  const { alt = item.alt, focus = item.focus } = draft;
  const length = lengthOf(alt);
  const over = length > longestAlt;
  const refused = error instanceof ApiError ? error.fields.alt : undefined;
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) onSave();
  };
  return (
    <>
      {error !== undefined && !refused && <FormError>{messageOf(error)}</FormError>}
      {item.kind === "image" && item.preview ? (
        <FocusPicker src={item.preview} focus={focus} onChange={(next) => onWrite({ focus: next })} />
      ) : (
        <div className="relative mx-auto h-52 overflow-hidden rounded-xl bg-surface">
          <Preview of={item} whole />
        </div>
      )}
      <label htmlFor={id} className="block text-[14.5px] text-muted">
        What is to be seen? People who cannot see it have it read to them.
      </label>
      <textarea
        id={id}
        // Where a keyboard would come up over the picture, that is looked at first.
        ref={handy ? focusOnce : undefined}
        rows={5}
        dir="auto"
        value={alt}
        aria-invalid={over || refused !== undefined || undefined}
        aria-describedby={refused ? `${id}-error ${id}-count` : `${id}-count`}
        onChange={(event) => onWrite({ alt: event.target.value })}
        onKeyDown={onKeyDown}
        className="w-full resize-none rounded-xl border border-line-strong bg-bg px-3.5 py-2.5 text-base focus:border-accent focus:outline-2 focus:-outline-offset-1 focus:outline-accent"
      />
      <div className="flex gap-4 text-[13px]">
        {refused && (
          <p id={`${id}-error`} role="alert" className="text-danger">
            {refused}
          </p>
        )}
        <p
          id={`${id}-count`}
          className={cx("ml-auto shrink-0 tabular-nums", over ? "text-danger" : "text-muted")}
        >
          {fullNumber(length)} / {fullNumber(longestAlt)}
        </p>
      </div>
      {item.kind === "video" && <CaptionsField video={item} acts={acts} />}
    </>
  );
}

const focusOnce = (field: HTMLTextAreaElement | null) => field?.focus({ preventScroll: true });
