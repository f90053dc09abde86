import { ArrowLeft, ArrowRight, Crop, RotateCw, X } from "lucide-react";
import type { ButtonHTMLAttributes, ReactNode } from "react";
import { AltButton } from "@/domain/media/components/alt-button";
import { Preview } from "@/domain/media/components/preview";
import { cx } from "@/lib/cx";
import type { Attachment } from "../attachments";

export interface TileActs {
  onDescribe: () => void;
  onCrop: () => void;
  onRemove: () => void;
  onRetry: () => void;
  /** One place to the left (-1) or right (1). */
  onMove: (step: -1 | 1) => void;
}

interface AttachmentTileProps extends TileActs {
  attachment: Attachment;
  /** As people count: "Picture 1". */
  name: string;
  first: boolean;
  last: boolean;
}

export function AttachmentTile(props: AttachmentTileProps) {
  const { attachment, name, first, last, onDescribe, onCrop, onRemove, onMove } = props;
  const failed = attachment.state === "failed";
  return (
    <>
      <Preview of={attachment} />
      {failed && <Failed {...props} />}
      <div className="absolute top-2 left-2 flex gap-1.5">
        {!first && (
          <Round label={`Move ${name} left`} data-move="-1" onClick={() => onMove(-1)}>
            <ArrowLeft />
          </Round>
        )}
        {!last && (
          <Round label={`Move ${name} right`} data-move="1" onClick={() => onMove(1)}>
            <ArrowRight />
          </Round>
        )}
      </div>
      <div className="absolute top-2 right-2 flex gap-1.5">
        {attachment.kind === "image" && attachment.original && !failed && (
          <Round label={`Crop ${name}`} onClick={onCrop}>
            <Crop />
          </Round>
        )}
        <Round label={`Remove ${name}`} onClick={onRemove}>
          <X />
        </Round>
      </div>
      {!failed && (
        <AltButton
          described={attachment.alt !== ""}
          name={name}
          onClick={onDescribe}
          className="bottom-2 left-2"
        />
      )}
      <Progress attachment={attachment} name={name} />
    </>
  );
}

function Round({ label, children, ...rest }: ButtonHTMLAttributes<HTMLButtonElement> & { label: string }) {
  return (
    <button
      type="button"
      aria-label={label}
      title={label}
      {...rest}
      className="grid size-8 place-items-center rounded-full bg-black/70 text-white transition-colors hover:bg-black [&_svg]:size-4.5"
    >
      {children}
    </button>
  );
}

function Failed({ attachment, name, onRetry }: AttachmentTileProps) {
  return (
    <div className="absolute inset-0 flex flex-col items-center justify-center gap-2 overflow-y-auto bg-danger-soft/95 px-3 pt-11 pb-3 text-center">
      <p role="alert" className="text-[13.5px] font-medium text-danger">
        <span className="sr-only">{name}: </span>
        {attachment.error}
      </p>
      {attachment.file && (
        <button
          type="button"
          onClick={onRetry}
          className="flex items-center gap-1.5 rounded-full border border-danger/40 bg-bg px-3 py-1 text-[13px] font-semibold text-danger [&_svg]:size-3.5"
        >
          <RotateCw aria-hidden="true" /> Try again
        </button>
      )}
    </div>
  );
}

const words: Record<Attachment["state"], ReactNode> = {
  sending: "Uploading",
  processing: "Processing",
  ready: null,
  failed: null,
};

function Progress({ attachment: { state, progress }, name }: { attachment: Attachment; name: string }) {
  const word = words[state];
  if (!word) return null;
  // What is being processed tells little on its way: an empty bar would look stuck.
  const known = state === "sending" || progress > 0;
  const percent = Math.round(progress * 100);
  return (
    <div className="absolute right-2 bottom-2 flex items-center gap-2 rounded-lg bg-black/75 px-2 py-1 text-[12px] font-semibold text-white">
      {word}
      <span
        role="progressbar"
        aria-label={`${word} ${name}`}
        {...(known && { "aria-valuenow": percent })}
        className="h-1.5 w-14 overflow-hidden rounded-full bg-white/30"
      >
        <span
          className={cx(
            "block h-full rounded-full bg-white",
            known ? "transition-[width]" : "w-full animate-pulse",
          )}
          style={known ? { width: `${percent}%` } : {}}
        />
      </span>
    </div>
  );
}
