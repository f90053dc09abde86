import { useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Suspense } from "react";
import { WhoToFollow } from "@/domain/suggestions/components/who-to-follow";
import { useMe } from "@/domain/users/cache";
import { prefetchForYou } from "@/features/for-you/api/use-for-you";
import { ForYou } from "@/features/for-you/components/for-you";
import { Home } from "@/features/home/components/home";
import { AccountMenu } from "@/features/shell/components/account-menu";
import { lazy } from "@/lib/lazy";
import { buttonClass } from "@/ui/button";
import { useMedia } from "@/ui/use-media";

const Composer = lazy(() =>
  import("@/features/composer/components/composer").then((all) => ({ default: all.Composer })),
);
const WaitingPosts = lazy(() =>
  import("@/features/composer/components/waiting-posts").then((all) => ({ default: all.WaitingPosts })),
);

const target = { mode: "new" } as const;
const placeholder = <div className="h-17 border-b border-line" />;
/** From here on there is room to write on the page; a phone has the button and the dialog. */
const wideEnough = "(min-width: 40rem)";

export default function HomeRoute() {
  const me = useMe();
  const client = useQueryClient();
  const wide = useMedia(wideEnough);
  if (!me) return null;
  const composer = (
    <>
      {wide && (
        <Suspense fallback={placeholder}>
          <Composer me={me} target={target} inline />
        </Suspense>
      )}
      <Suspense>
        <WaitingPosts userId={me.id} />
      </Suspense>
    </>
  );
  const corner = (
    <div className="sm:hidden">
      <AccountMenu compact />
    </div>
  );
  const findPeople = <FindPeople />;
  return (
    <Home
      corner={corner}
      composer={composer}
      findPeople={findPeople}
      forYou={<ForYou findPeople={findPeople} />}
      prefetchForYou={() => prefetchForYou(client)}
    />
  );
}

/** For newcomers: whom to follow first, and the way to look around. */
function FindPeople() {
  return (
    <div className="space-y-4">
      <Link to="/explore" className={buttonClass("primary")}>
        Look around
      </Link>
      <WhoToFollow most={5} card />
    </div>
  );
}
