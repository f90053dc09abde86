import { Link, Outlet, useLocation } from "@tanstack/react-router";
import {
  ChevronRight,
  EyeOff,
  KeyRound,
  Lock,
  type LucideIcon,
  MonitorSmartphone,
  Palette,
  SlidersHorizontal,
  UserRound,
  UserRoundX,
} from "lucide-react";
import { usePageTitle } from "@/domain/use-page-title";
import { PageHeader } from "@/ui/page-header";

interface Section {
  to: `/settings/${"account" | "password" | "privacy" | "ranking" | "sessions" | "blocked" | "muted" | "appearance"}`;
  title: string;
  text: string;
  icon: LucideIcon;
}

const sections: Section[] = [
  { to: "/settings/account", title: "Account", text: "Name, e-mail, sign out", icon: UserRound },
  { to: "/settings/password", title: "Password", text: "Set a new one", icon: KeyRound },
  { to: "/settings/privacy", title: "Privacy", text: "Who sees your posts", icon: Lock },
  {
    to: "/settings/ranking",
    title: "Ranking",
    text: "What “For you” puts on top",
    icon: SlidersHorizontal,
  },
  { to: "/settings/sessions", title: "Sessions", text: "Where you are signed in", icon: MonitorSmartphone },
  { to: "/settings/blocked", title: "Blocked people", text: "See and unblock", icon: UserRoundX },
  { to: "/settings/muted", title: "Muted people", text: "See and unmute", icon: EyeOff },
  {
    to: "/settings/appearance",
    title: "Appearance",
    text: "Light or dark, descriptions of pictures",
    icon: Palette,
  },
];

/** Header and frame of every settings page; the overview is the list of the sections. */
export function SettingsLayout() {
  const { pathname } = useLocation();
  const section = sections.find(({ to }) => pathname.startsWith(to));
  usePageTitle(section?.title ?? "Settings");
  return (
    <>
      <PageHeader title={section?.title ?? "Settings"} back={section !== undefined} />
      <Outlet />
    </>
  );
}

export function SettingsOverview() {
  return (
    <nav aria-label="Settings">
      {sections.map(({ to, title, text, icon: Icon }) => (
        <Link
          key={to}
          to={to}
          className="flex items-center gap-4 px-4 py-3.5 transition-colors hover:bg-hover"
        >
          <Icon className="size-5.5 text-muted" strokeWidth={1.8} aria-hidden="true" />
          <span className="flex-1 leading-snug">
            <span className="block font-semibold">{title}</span>
            <span className="block text-[14.5px] text-muted">{text}</span>
          </span>
          <ChevronRight className="size-5 text-muted" aria-hidden="true" />
        </Link>
      ))}
    </nav>
  );
}
