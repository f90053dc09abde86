import { Link, Outlet, useLocation } from "@tanstack/react-router";
import { Feather } from "lucide-react";
import type { ReactNode } from "react";
import { compose } from "@/domain/composing";
import { useMe } from "@/domain/users/cache";
import { Button, buttonClass } from "@/ui/button";
import { Logo } from "@/ui/logo";
import { navigation } from "../navigation";
import { useShortcuts } from "../shortcuts";
import { AccountMenu } from "./account-menu";
import { NavLink } from "./nav-link";
import { OfflineBanner } from "./offline-banner";
import { SideColumn } from "./side-column";

/** Three columns on a desktop, a rail of icons on a tablet, a bar at the bottom of a phone. */
export function Shell() {
  return (
    <ShellFrame>
      <Outlet />
    </ShellFrame>
  );
}

export function ShellFrame({ children }: { children: ReactNode }) {
  useShortcuts();
  return (
    <>
      <a
        href="#main"
        className="fixed top-2 left-2 z-70 -translate-y-20 rounded-full bg-accent px-4 py-2 font-semibold text-on-accent focus:translate-y-0"
      >
        Skip to content
      </a>
      <OfflineBanner />
      <div className="mx-auto flex max-w-310 justify-center">
        <Rail />
        <main
          id="main"
          tabIndex={-1}
          className="min-h-dvh w-full min-w-0 max-w-150 border-line pb-20 outline-none sm:border-x sm:pb-0"
        >
          {children}
        </main>
        <SideColumn />
      </div>
      <BottomBar />
    </>
  );
}

function Rail() {
  const me = useMe();
  return (
    <header className="sticky top-0 hidden h-dvh shrink-0 flex-col px-2 py-3 sm:flex xl:w-65 xl:px-4">
      <Link to="/" aria-label="Rookery" className="flex w-fit items-center gap-3 rounded-full p-2">
        <Logo className="size-9" />
        <span className="hidden text-[21px] font-extrabold tracking-tight xl:inline">Rookery</span>
      </Link>
      {me ? (
        <>
          <nav aria-label="Main" className="mt-2 flex flex-col gap-1">
            {navigation.map((entry) => (
              <NavLink key={entry.label} entry={entry} layout="rail" />
            ))}
          </nav>
          <Button
            size="round"
            className="mt-4 self-center text-[17px] max-xl:size-12 xl:h-12 xl:w-full"
            onClick={() => compose({ mode: "new" })}
            aria-label="New post"
            aria-keyshortcuts="n"
          >
            <Feather className="size-5.5 xl:hidden" aria-hidden="true" />
            <span className="hidden xl:inline">Post</span>
          </Button>
          <div className="mt-auto">
            <AccountMenu />
          </div>
        </>
      ) : (
        <nav aria-label="Main" className="mt-2 flex flex-col gap-1">
          {navigation
            .filter((entry) => entry.open)
            .map((entry) => (
              <NavLink key={entry.label} entry={entry} layout="rail" />
            ))}
          <Link to="/signup" className={`${buttonClass("primary", "lg")} mt-3 max-xl:hidden`}>
            Create account
          </Link>
          <Link to="/login" className={`${buttonClass("secondary", "lg")} mt-1.5 max-xl:hidden`}>
            Sign in
          </Link>
        </nav>
      )}
    </header>
  );
}

function BottomBar() {
  const me = useMe();
  const { pathname } = useLocation();
  if (!me) return <JoinBar />;
  return (
    <>
      {!pathname.startsWith("/settings") && pathname !== "/compose" && (
        <Button
          size="round"
          className="fixed right-4 bottom-20 z-30 shadow-pop sm:hidden"
          onClick={() => compose({ mode: "new" })}
          aria-label="New post"
        >
          <Feather className="size-6" aria-hidden="true" />
        </Button>
      )}
      <nav
        aria-label="Main"
        className="fixed inset-x-0 bottom-0 z-30 flex border-t border-line bg-bg/92 pb-[env(safe-area-inset-bottom)] backdrop-blur-md sm:hidden"
      >
        {navigation
          .filter((entry) => entry.onPhone)
          .map((entry) => (
            <NavLink key={entry.label} entry={entry} layout="bar" />
          ))}
      </nav>
    </>
  );
}

function JoinBar() {
  return (
    <nav
      aria-label="Join"
      className="fixed inset-x-0 bottom-0 z-30 flex gap-3 border-t border-line bg-bg/92 p-3 backdrop-blur-md xl:hidden"
    >
      <Link to="/signup" className={`${buttonClass("primary")} flex-1`}>
        Create account
      </Link>
      <Link to="/login" className={`${buttonClass("secondary")} flex-1`}>
        Sign in
      </Link>
    </nav>
  );
}
