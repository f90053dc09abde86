import { Captions as CaptionsIcon, CaptionsOff } from "lucide-react";
import { type RefObject, useEffect, useRef, useState } from "react";
import type { MediaAttachment } from "@/api/types";
import { storage } from "@/lib/storage";
import { createStore, useStore } from "@/lib/store";
import { Menu, MenuChoice, MenuChoices } from "@/ui/menu";
import { type Chosen, ownName, showing } from "../captions";
import { useInView } from "../use-in-view";
import { frame } from "./gif";

interface VideoProps {
  media: MediaAttachment;
  onError: () => void;
}

/** The same for every video, and kept by this browser. */
const chosenCaptions = createStore<Chosen>(storage.get("captions"));
function choose(next: Chosen): void {
  if (next) storage.set("captions", next);
  chosenCaptions.set(next);
}

/** A video with the browser's own controls, and its captions; it stops when it is scrolled away. */
export function Video({ media, onError }: VideoProps) {
  const video = useRef<HTMLVideoElement>(null);
  const inView = useInView(video);
  useEffect(() => {
    if (!inView) video.current?.pause();
  }, [inView]);
  const [muted, setMuted] = useState(false);
  const chosen = useStore(chosenCaptions);
  const languages = media.captions.map(({ language }) => language);
  const language = showing(languages, chosen, muted, navigator.languages);
  useShownTrack(video, language, languages.join(" "));
  return (
    <>
      {/* biome-ignore lint/a11y/useMediaCaption: those that its owner gave it */}
      <video
        ref={video}
        src={media.url ?? undefined}
        poster={media.poster_url ?? undefined}
        width={media.width ?? undefined}
        height={media.height ?? undefined}
        aria-label={media.alt || "Video without a description"}
        // Media may come from another host; then browsers show no captions of it without being asked like this.
        crossOrigin={languages.length > 0 ? "anonymous" : undefined}
        controls
        playsInline
        preload="none"
        onVolumeChange={({ currentTarget }) => setMuted(currentTarget.muted || currentTarget.volume === 0)}
        onError={onError}
        className={frame}
      >
        {media.captions.map(({ language, url }) => (
          <track key={language} kind="captions" srcLang={language} label={ownName(language)} src={url} />
        ))}
      </video>
      {languages.length > 0 && <CaptionsMenu languages={languages} language={language} />}
    </>
  );
}

/**
 * Shows the captions in one language, null for none. What somebody picks in the browser's own controls is a choice like one in
 * our menu.
 */
function useShownTrack(video: RefObject<HTMLVideoElement | null>, language: string | null, all: string) {
  useEffect(() => {
    const tracks = video.current?.textTracks;
    if (!tracks || !all) return;
    for (const track of tracks) track.mode = track.language === language ? "showing" : "disabled";
    const follow = () => {
      const shown = Array.from(tracks).find(({ mode }) => mode === "showing")?.language ?? null;
      if (shown !== language) choose(shown ?? "off");
    };
    tracks.addEventListener("change", follow);
    return () => tracks.removeEventListener("change", follow);
  }, [video, language, all]);
}

function CaptionsMenu({ languages, language }: { languages: readonly string[]; language: string | null }) {
  const Icon = language ? CaptionsIcon : CaptionsOff;
  const label = language ? `Captions: ${ownName(language)}` : "Captions: off";
  const trigger = (
    <button
      type="button"
      aria-label={label}
      title={label}
      className="absolute top-2.5 right-2.5 grid size-8 place-items-center rounded-lg bg-black/75 text-white hover:bg-black focus-visible:outline-white [&_svg]:size-5"
    >
      <Icon aria-hidden="true" />
    </button>
  );
  return (
    <Menu trigger={trigger}>
      <MenuChoices label="Captions" value={language ?? "off"} onChange={choose}>
        <MenuChoice value="off">Off</MenuChoice>
        {languages.map((each) => (
          <MenuChoice key={each} value={each} lang={each}>
            {ownName(each)}
          </MenuChoice>
        ))}
      </MenuChoices>
    </Menu>
  );
}
