import { Bell, Bookmark, House, type LucideIcon, Search, Settings, UserRound } from "lucide-react";

export interface NavigationEntry {
  label: string;
  icon: LucideIcon;
  to: "/" | "/explore" | "/notifications" | "/bookmarks" | "/settings" | "/@{$username}";
  /** Shown in the phone's bottom bar too. */
  onPhone: boolean;
  /** For strangers too. */
  open?: true;
}

export const navigation: NavigationEntry[] = [
  { label: "Home", icon: House, to: "/", onPhone: true },
  { label: "Explore", icon: Search, to: "/explore", onPhone: true, open: true },
  { label: "Notifications", icon: Bell, to: "/notifications", onPhone: true },
  { label: "Bookmarks", icon: Bookmark, to: "/bookmarks", onPhone: true },
  { label: "Profile", icon: UserRound, to: "/@{$username}", onPhone: true },
  { label: "Settings", icon: Settings, to: "/settings", onPhone: false },
];
