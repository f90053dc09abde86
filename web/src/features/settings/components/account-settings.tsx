import { Link } from "@tanstack/react-router";
import { BadgeCheck } from "lucide-react";
import type { ReactNode } from "react";
import { useMe } from "@/domain/users/cache";
import { signOut } from "@/domain/users/sign-out";
import { fullTime } from "@/lib/time";
import { Button, buttonClass } from "@/ui/button";
import { useResendVerification } from "../api/use-settings";

export function AccountSettings() {
  const me = useMe();
  if (!me) return null;
  return (
    <div className="space-y-6 p-4">
      <dl className="divide-y divide-line rounded-2xl border border-line">
        <Fact name="Username">@{me.username}</Fact>
        <Fact name="E-mail">
          {me.email}
          {me.email_verified ? (
            <span className="ml-2 inline-flex items-center gap-1 text-sm text-repost">
              <BadgeCheck className="size-4" aria-hidden="true" /> Confirmed
            </span>
          ) : (
            <Unconfirmed />
          )}
        </Fact>
        <Fact name="Member since">{fullTime(me.created_at)}</Fact>
      </dl>
      <div className="flex flex-wrap gap-3">
        <Link to="/@{$username}" params={{ username: me.username }} className={buttonClass("secondary")}>
          Go to your profile
        </Link>
        <Button variant="danger" onClick={() => void signOut()}>
          Sign out
        </Button>
      </div>
    </div>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className="px-4 py-3">
      <dt className="text-sm text-muted">{name}</dt>
      <dd className="font-medium">{children}</dd>
    </div>
  );
}

function Unconfirmed() {
  const resend = useResendVerification();
  return (
    <span className="mt-2 flex flex-wrap items-center gap-3">
      <span className="text-sm font-normal text-muted">
        Not confirmed yet. Use the link in the mail that we sent you.
      </span>
      <Button variant="secondary" size="sm" busy={resend.isPending} onClick={() => resend.mutate()}>
        Send again
      </Button>
    </span>
  );
}
