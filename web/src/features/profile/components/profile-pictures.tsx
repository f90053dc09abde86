import { Camera, Trash2 } from "lucide-react";
import { Suspense, useRef, useState } from "react";
import { messageOf } from "@/api/problem";
import type { Me } from "@/api/types";
import { acceptedImages } from "@/domain/media/limits";
import { lazy } from "@/lib/lazy";
import { Avatar } from "@/ui/avatar";
import { toast } from "@/ui/toaster";
import { type Slot, useRemovePicture } from "../api/use-picture";
import { Banner } from "./banner";

const PictureDialog = lazy(() => import("./picture-dialog"));

/** Header and avatar of the own profile, to be changed. What is chosen here holds at once. */
export function ProfilePictures({ me }: { me: Me }) {
  return (
    <div className="pb-2">
      <div className="relative">
        <Banner user={me} />
        <PictureButtons slot="header" me={me} shown={me.header_url !== null} />
      </div>
      <div className="relative -mt-12 ml-5 w-fit">
        <Avatar user={me} className="size-24 text-4xl ring-4 ring-raised" />
        <PictureButtons slot="avatar" me={me} shown={me.avatar_url !== null} />
      </div>
    </div>
  );
}

const round =
  "grid size-10 place-items-center rounded-full bg-black/65 text-white transition-colors hover:bg-black/85 [&_svg]:size-5";

function PictureButtons({ slot, me, shown }: { slot: Slot; me: Me; shown: boolean }) {
  const input = useRef<HTMLInputElement>(null);
  const [file, setFile] = useState<File | null>(null);
  const remove = useRemovePicture(slot, me);
  const noun = slot === "avatar" ? "profile picture" : "header picture";
  return (
    <div className="absolute inset-0 flex items-center justify-center gap-2">
      <input
        ref={input}
        type="file"
        hidden
        aria-label={`New ${noun}`}
        accept={acceptedImages}
        onChange={({ currentTarget }) => {
          setFile(currentTarget.files?.[0] ?? null);
          currentTarget.value = "";
        }}
      />
      <button
        type="button"
        aria-label={`Change ${noun}`}
        title={`Change ${noun}`}
        className={round}
        onClick={() => input.current?.click()}
      >
        <Camera aria-hidden="true" />
      </button>
      {shown && (
        <button
          type="button"
          aria-label={`Remove ${noun}`}
          title={`Remove ${noun}`}
          className={round}
          disabled={remove.isPending}
          onClick={() => remove.mutate(undefined, { onError: (error) => toast.error(messageOf(error)) })}
        >
          <Trash2 aria-hidden="true" />
        </button>
      )}
      <Suspense>
        {file && <PictureDialog slot={slot} me={me} file={file} onClose={() => setFile(null)} />}
      </Suspense>
    </div>
  );
}
