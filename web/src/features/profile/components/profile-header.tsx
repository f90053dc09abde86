import { Link } from "@tanstack/react-router";
import { CalendarDays, Link2, MapPin } from "lucide-react";
import { Suspense, useState } from "react";
import type { User } from "@/api/types";
import { useMe } from "@/domain/users/cache";
import { FollowButton } from "@/domain/users/components/follow-button";
import { DisplayName } from "@/domain/users/components/user-names";
import { FollowsYou } from "@/domain/users/components/user-row";
import { safeHref, shortUrl } from "@/lib/entities";
import { lazy } from "@/lib/lazy";
import { compactNumber, fullNumber, plural } from "@/lib/numbers";
import { fullTime, joinedMonth } from "@/lib/time";
import { Avatar } from "@/ui/avatar";
import { Button } from "@/ui/button";
import { Banner } from "./banner";
import { ProfileMenu } from "./profile-menu";

const EditProfile = lazy(() => import("./edit-profile-dialog"));

export function ProfileHeader({ user }: { user: User }) {
  const me = useMe();
  return (
    <div>
      <Banner user={user} />
      <div className="px-4 pb-4">
        <div className="relative flex items-start justify-between">
          <Avatar user={user} className="-mt-14 size-28 text-5xl ring-4 ring-bg sm:-mt-16 sm:size-32" />
          <div className="flex items-center gap-2 pt-3">
            {me?.id === user.id ? (
              <EditButton />
            ) : (
              <>
                {me && <ProfileMenu user={user} />}
                <FollowButton user={user} size="md" />
              </>
            )}
          </div>
        </div>
        <div className="mt-3 leading-tight">
          <h2>
            <DisplayName user={user} className="text-[22px] [&_svg]:size-4.5" />
          </h2>
          <p className="mt-0.5 flex flex-wrap items-center gap-2 text-[15px] text-muted">
            @{user.username} {user.viewer?.followed_by && <FollowsYou />}
          </p>
        </div>
        {user.bio && (
          <p dir="auto" className="mt-3 text-[15.5px] whitespace-pre-wrap">
            {user.bio}
          </p>
        )}
        <Facts user={user} />
        <Counts user={user} />
      </div>
    </div>
  );
}

function EditButton() {
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button variant="secondary" onClick={() => setOpen(true)}>
        Edit profile
      </Button>
      <Suspense>{open && <EditProfile onClose={() => setOpen(false)} />}</Suspense>
    </>
  );
}

function Facts({ user }: { user: User }) {
  const website = user.website ? safeHref(user.website) : null;
  const fact = "inline-flex min-w-0 items-center gap-1.5 [&_svg]:size-4.5 [&_svg]:shrink-0";
  return (
    <p className="mt-3 flex flex-wrap gap-x-4 gap-y-1 text-[14.5px] text-muted">
      {user.location && (
        <span className={fact}>
          <MapPin aria-hidden="true" /> {user.location}
        </span>
      )}
      {website && (
        <a
          href={website}
          target="_blank"
          rel="noopener nofollow ugc"
          className={`${fact} text-accent hover:underline`}
        >
          <Link2 aria-hidden="true" /> {shortUrl(website)}
        </a>
      )}
      <span className={fact} title={fullTime(user.created_at)}>
        <CalendarDays aria-hidden="true" /> Joined {joinedMonth(user.created_at)}
      </span>
    </p>
  );
}

function Counts({ user }: { user: User }) {
  const params = { username: user.username };
  return (
    <p className="mt-3 flex gap-5 text-[15px] text-muted">
      <Link to="/@{$username}/following" params={params} className="hover:underline">
        <strong className="text-text">{compactNumber(user.following_count)}</strong> Following
      </Link>
      <Link
        to="/@{$username}/followers"
        params={params}
        className="hover:underline"
        title={fullNumber(user.followers_count)}
      >
        <strong className="text-text">{compactNumber(user.followers_count)}</strong>{" "}
        {plural(user.followers_count, "Follower")}
      </Link>
    </p>
  );
}
