import { Link } from "@tanstack/react-router";
import { Clock, PencilLine, Zap } from "lucide-react";
import { session } from "@/api/session";
import { usePageTitle } from "@/domain/use-page-title";
import { useStore } from "@/lib/store";
import { buttonClass } from "@/ui/button";
import { Logo } from "@/ui/logo";

const reasons = [
  {
    icon: Clock,
    title: "In order",
    text: "Everyone you follow, newest first. Nothing is slipped in between.",
  },
  { icon: Zap, title: "Live", text: "Posts arrive within a second, and the page never jumps under you." },
  { icon: PencilLine, title: "Honest", text: "Edit a post; what changed stays for everyone to see." },
];

/** The front door for people who are not signed in. */
export function Landing() {
  usePageTitle(undefined);
  const lost = useStore(session.lost);
  return (
    <main className="mx-auto flex min-h-dvh max-w-260 flex-col justify-center gap-14 px-6 py-12 lg:flex-row lg:items-center lg:gap-20">
      <div className="flex-1">
        <Logo className="size-16 sm:size-20" />
        <h1 className="mt-8 text-5xl leading-[1.05] font-extrabold tracking-tight text-balance sm:text-6xl">
          Where the colony talks.
        </h1>
        <p className="mt-5 max-w-110 text-lg text-muted text-pretty sm:text-xl">
          Rookery is a microblog: short posts, real conversations, and a timeline that belongs to you.
        </p>
        {lost && (
          <p role="status" className="mt-6 max-w-110 rounded-xl bg-accent-soft px-4 py-3 font-medium">
            You were signed out: this session was ended elsewhere, or has run out.
          </p>
        )}
        <div className="mt-8 flex flex-wrap gap-3">
          <Link to="/signup" className={buttonClass("primary", "lg")}>
            Create account
          </Link>
          <Link to="/login" className={buttonClass("secondary", "lg")}>
            Sign in
          </Link>
          <Link to="/explore" className={buttonClass("quiet", "lg")}>
            Look around
          </Link>
        </div>
      </div>
      <ul className="grid gap-3 lg:w-100">
        {reasons.map(({ icon: Icon, title, text }) => (
          <li key={title} className="flex gap-4 rounded-2xl border border-line bg-surface p-5">
            <span className="grid size-11 shrink-0 place-items-center rounded-xl bg-accent-soft text-accent">
              <Icon className="size-5.5" strokeWidth={1.9} aria-hidden="true" />
            </span>
            <div>
              <h2 className="font-bold">{title}</h2>
              <p className="mt-0.5 text-[15px] text-muted">{text}</p>
            </div>
          </li>
        ))}
      </ul>
    </main>
  );
}
