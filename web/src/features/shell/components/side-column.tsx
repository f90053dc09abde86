import { Link, useLocation } from "@tanstack/react-router";
import { Suspense } from "react";
import { SearchBox } from "@/domain/search/components/search-box";
import { WhoToFollow } from "@/domain/suggestions/components/who-to-follow";
import { TrendsCard } from "@/domain/trends/components/trends-card";
import { useMe } from "@/domain/users/cache";
import { DisplayName } from "@/domain/users/components/user-names";
import { cx } from "@/lib/cx";
import { lazy } from "@/lib/lazy";
import { compactNumber, plural } from "@/lib/numbers";
import { useStore } from "@/lib/store";
import { streamStatus } from "@/stream/status";
import { Avatar, toneOf } from "@/ui/avatar";
import { buttonClass } from "@/ui/button";
import { useMedia } from "@/ui/use-media";
import { shortcutsOpen } from "../shortcuts";

const Around = lazy(() => import("./around"));

/** From here on there is room for it; below, it is not even built, and asks for nothing. */
const wideEnough = "(min-width: 64rem)";

/** What stands beside the column on wide screens. */
export function SideColumn() {
  if (!useMedia(wideEnough)) return null;
  return (
    <aside
      aria-label="Beside the feed"
      className="sticky top-0 h-dvh w-85 shrink-0 overflow-y-auto px-6 py-4"
    >
      <Cards />
    </aside>
  );
}

/** Explore has the box and the lists in its own column. */
function Cards() {
  const me = useMe();
  const { pathname, search } = useLocation();
  const exploring = pathname === "/explore";
  const discovering = exploring && !("q" in search);
  return (
    <div className="space-y-4">
      {!exploring && <SearchBox />}
      {me ? <MeCard /> : <JoinCard />}
      {!discovering && <TrendsCard />}
      {me && !discovering && pathname !== "/explore/people" && <WhoToFollow most={3} card />}
      {me && (
        <Suspense>
          <Around />
        </Suspense>
      )}
      <Footer />
    </div>
  );
}

function MeCard() {
  const me = useMe();
  if (!me) return null;
  const [from, to] = toneOf(me.username);
  const params = { username: me.username };
  return (
    <section aria-label="You" className="overflow-hidden rounded-2xl border border-line">
      <div className="h-16" style={{ backgroundImage: `linear-gradient(115deg, ${from}, ${to})` }} />
      <div className="px-4 pb-4">
        <Avatar user={me} className="-mt-7 size-14 text-2xl ring-4 ring-bg" />
        <Link to="/@{$username}" params={params} className="mt-2 block leading-tight">
          <DisplayName user={me} className="text-[17px]" />
          <span className="text-[14.5px] text-muted">@{me.username}</span>
        </Link>
        <p className="mt-3 flex gap-4 text-[14.5px] text-muted">
          <Link to="/@{$username}/following" params={params} className="hover:underline">
            <strong className="text-text">{compactNumber(me.following_count)}</strong> Following
          </Link>
          <Link to="/@{$username}/followers" params={params} className="hover:underline">
            <strong className="text-text">{compactNumber(me.followers_count)}</strong>{" "}
            {plural(me.followers_count, "Follower")}
          </Link>
        </p>
      </div>
    </section>
  );
}

function JoinCard() {
  return (
    <section aria-label="Join" className="rounded-2xl border border-line p-5">
      <h2 className="text-lg font-bold">New to Rookery?</h2>
      <p className="mt-1 mb-4 text-[15px] text-muted">
        Join the colony: follow people, in the order they post.
      </p>
      <div className="grid gap-2.5">
        <Link to="/signup" className={buttonClass("primary")}>
          Create account
        </Link>
        <Link to="/login" className={buttonClass("secondary")}>
          Sign in
        </Link>
      </div>
    </section>
  );
}

function Footer() {
  const me = useMe();
  return (
    <footer className="flex flex-wrap items-center gap-x-3 gap-y-1 px-1 text-[13px] text-muted">
      {me && <LiveState />}
      <button type="button" className="hover:underline" onClick={() => shortcutsOpen.set(true)}>
        Shortcuts
      </button>
      <a href="/v1/docs" className="hover:underline">
        API
      </a>
      <span>Rookery, Apache-2.0</span>
    </footer>
  );
}

const liveWords = { live: "Live", connecting: "Connecting", offline: "Not live" } as const;

function LiveState() {
  const status = useStore(streamStatus);
  return (
    <span className="inline-flex items-center gap-1.5" data-stream={status}>
      <span
        aria-hidden="true"
        className={cx("size-2 rounded-full", status === "live" ? "bg-repost" : "animate-pulse bg-bookmark")}
      />
      {liveWords[status]}
    </span>
  );
}
