import { type DragEvent, Suspense, useLayoutEffect, useRef, useState } from "react";
import { cellsFor } from "@/domain/media/layout";
import { numbered } from "@/domain/media/words";
import { cx } from "@/lib/cx";
import { lazy } from "@/lib/lazy";
import { useStore } from "@/lib/store";
import type { Attachments } from "../attachments";
import { AttachmentTile } from "./attachment-tile";

const DescriptionDialog = lazy(() => import("@/domain/media/components/description-dialog"));
const CropDialog = lazy(() => import("./crop-dialog"));

interface AttachmentListProps {
  attachments: Attachments;
  /** The attachment that is being described, and who says so. */
  describing: string | null;
  onDescribe: (key: string | null) => void;
}

/** The attachments in their order, to be described, cropped, moved (dragged, or by buttons) and removed. */
export function AttachmentList({ attachments, describing, onDescribe }: AttachmentListProps) {
  const list = useStore(attachments.list);
  const [cropping, setCropping] = useState<string | null>(null);
  const [dragged, setDragged] = useState<number | null>(null);
  const { track, announcement, move } = useMoving(attachments);
  if (list.length === 0) return null;
  const cells = cellsFor(list.length);
  const describable = list.filter(({ state }) => state !== "failed");
  const cropped = list.find(({ key }) => key === cropping);

  const drop = (event: DragEvent, to: number) => {
    if (dragged === null) return;
    event.preventDefault();
    event.stopPropagation();
    move(dragged, to);
    setDragged(null);
  };
  return (
    <>
      <ul
        ref={track}
        aria-label="Attached"
        className={cx("mt-2 grid gap-2", list.length === 1 ? "grid-cols-1" : "grid-cols-2 max-sm:-ml-14")}
      >
        {list.map((attachment, index) => {
          const name = numbered(attachment.kind, index, list.length);
          return (
            <li
              key={attachment.key}
              data-key={attachment.key}
              draggable={list.length > 1}
              onDragStart={(event) => {
                event.dataTransfer.effectAllowed = "move";
                event.dataTransfer.setData("text/plain", "");
                setDragged(index);
              }}
              onDragEnd={() => setDragged(null)}
              onDragOver={(event) => dragged !== null && event.preventDefault()}
              onDrop={(event) => drop(event, index)}
              className={cx(
                "relative overflow-hidden rounded-2xl border border-line bg-surface",
                cells[index] === "whole" ? "h-72" : "h-44",
                list.length === 3 && index === 0 && "row-span-2 h-auto",
                list.length > 1 && "cursor-grab",
                dragged === index && "opacity-40",
              )}
            >
              <AttachmentTile
                attachment={attachment}
                name={name}
                first={index === 0}
                last={index === list.length - 1}
                onDescribe={() => onDescribe(attachment.key)}
                onCrop={() => setCropping(attachment.key)}
                onRemove={() => attachments.remove(attachment.key)}
                onRetry={() => attachments.retry(attachment.key)}
                onMove={(step) => move(index, index + step, step)}
              />
            </li>
          );
        })}
      </ul>
      <p role="status" className="sr-only">
        {announcement}
      </p>
      <Suspense>
        {describing && describable.some(({ key }) => key === describing) && (
          <DescriptionDialog
            key={describing}
            items={describable}
            start={describing}
            acts={attachments}
            nested
            onClose={() => onDescribe(null)}
          />
        )}
        {cropped?.original && (
          <CropDialog
            file={cropped.original}
            onCropped={(file) => attachments.replace(cropped.key, file)}
            onClose={() => setCropping(null)}
          />
        )}
      </Suspense>
    </>
  );
}

/** Moves attachments, says so, and leaves the focus on the button that moved one (or the other one at an end). */
function useMoving(attachments: Attachments) {
  const track = useRef<HTMLUListElement>(null);
  const [last, setLast] = useState<{ key: string; step: number; text: string } | null>(null);
  useLayoutEffect(() => {
    if (!last?.step) return;
    const tile = track.current?.querySelector(`[data-key="${last.key}"]`);
    const buttons = Array.from(tile?.querySelectorAll<HTMLElement>("[data-move]") ?? []);
    (buttons.find(({ dataset }) => Number(dataset.move) === last.step) ?? buttons[0])?.focus();
  }, [last]);
  const move = (from: number, to: number, step = 0) => {
    const list = attachments.list.get();
    const attachment = list[from];
    if (!attachment || !list[to]) return;
    attachments.move(from, to);
    setLast({ key: attachment.key, step, text: `Now number ${to + 1} of ${list.length}` });
  };
  return { track, announcement: last?.text ?? "", move };
}
