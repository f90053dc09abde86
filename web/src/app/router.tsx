import { createRootRoute, createRoute, createRouter, redirect } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { session } from "@/api/session";
import { type SearchTab, tabOf } from "@/domain/search/search-tab";
import { lazy } from "@/lib/lazy";
import { PageError } from "./page-error";
import { Root } from "./root";
import { Start } from "./start";

const text = (value: unknown): string | undefined =>
  typeof value === "string" && value !== "" ? value : undefined;

/** Only paths of our own: a sign-in must not lead to somebody else's page. */
const ownPath = (value: unknown): string | undefined => {
  const path = text(value);
  return path?.startsWith("/") && !path.startsWith("//") && !path.startsWith("/\\") ? path : undefined;
};

const signedIn = () => session.status.get() === "signed-in";

/** A page, fetched when it is shown. */
const page = <Name extends string>(load: () => Promise<Record<NoInfer<Name>, () => ReactNode>>, name: Name) =>
  lazy(() => load().then((all) => ({ default: all[name] })));

const NotFound = page(() => import("@/routes/not-found"), "NotFound");

const root = createRootRoute({
  component: Root,
  notFoundComponent: () => <NotFound />,
  errorComponent: PageError,
});

const shell = createRoute({
  getParentRoute: () => root,
  id: "shell",
  component: page(() => import("@/features/shell/components/shell"), "Shell"),
});
/** Pages of the person who is signed in. */
const personal = createRoute({
  getParentRoute: () => shell,
  id: "private",
  beforeLoad: ({ location }) => {
    if (!signedIn()) throw redirect({ to: "/login", search: { next: location.href } });
  },
});
/** Pages before the door; pointless once inside. */
const door = createRoute({
  getParentRoute: () => root,
  id: "door",
  validateSearch: (search): { next?: string } => {
    const next = ownPath(search.next);
    return next ? { next } : {};
  },
  beforeLoad: ({ search }) => {
    if (signedIn()) throw redirect({ href: search.next ?? "/" });
  },
});
const withToken = (search: Record<string, unknown>): { token?: string } => {
  const token = text(search.token);
  return token ? { token } : {};
};

const profile = () => import("@/routes/profile");
const auth = () => import("@/routes/auth");
const explore = () => import("@/routes/explore");
const mine = () => import("@/routes/personal");
const settingsPages = () => import("@/routes/settings");

const settings = createRoute({
  getParentRoute: () => personal,
  path: "/settings",
  component: page(settingsPages, "SettingsLayout"),
});

const tree = root.addChildren([
  createRoute({ getParentRoute: () => root, path: "/", component: Start }),
  shell.addChildren([
    createRoute({
      getParentRoute: () => shell,
      path: "/@{$username}",
      component: page(profile, "Posts"),
    }),
    createRoute({
      getParentRoute: () => shell,
      path: "/@{$username}/replies",
      component: page(profile, "Replies"),
    }),
    createRoute({
      getParentRoute: () => shell,
      path: "/@{$username}/media",
      component: page(profile, "MediaTab"),
    }),
    createRoute({
      getParentRoute: () => shell,
      path: "/@{$username}/likes",
      component: page(profile, "Likes"),
    }),
    createRoute({
      getParentRoute: () => shell,
      path: "/@{$username}/followers",
      component: page(profile, "Followers"),
    }),
    createRoute({
      getParentRoute: () => shell,
      path: "/@{$username}/following",
      component: page(profile, "Following"),
    }),
    createRoute({
      getParentRoute: () => shell,
      path: "/@{$username}/posts/$postId",
      component: page(() => import("@/routes/thread"), "default"),
    }),
    createRoute({
      getParentRoute: () => shell,
      path: "/@{$username}/posts/$postId/likes",
      component: page(profile, "Likers"),
    }),
    createRoute({
      getParentRoute: () => shell,
      path: "/@{$username}/posts/$postId/reposts",
      component: page(profile, "Reposters"),
    }),
    createRoute({
      getParentRoute: () => shell,
      path: "/@{$username}/posts/$postId/quotes",
      component: page(profile, "Quotes"),
    }),
    createRoute({
      getParentRoute: () => shell,
      path: "/explore",
      validateSearch: (search): { q?: string; tab?: Exclude<SearchTab, "top"> } => {
        const q = text(search.q)?.trim();
        const tab = tabOf(search.tab);
        return q ? { q, ...(tab !== "top" && { tab }) } : {};
      },
      component: page(explore, "Explore"),
    }),
    createRoute({
      getParentRoute: () => shell,
      path: "/hashtag/$tag",
      validateSearch: (search): { tab?: "top" } => (search.tab === "top" ? { tab: "top" } : {}),
      component: page(explore, "Hashtag"),
    }),
    personal.addChildren([
      createRoute({
        getParentRoute: () => personal,
        path: "/notifications",
        component: page(mine, "NotificationsPage"),
      }),
      createRoute({
        getParentRoute: () => personal,
        path: "/bookmarks",
        component: page(mine, "BookmarksPage"),
      }),
      createRoute({
        getParentRoute: () => personal,
        path: "/requests",
        component: page(mine, "FollowRequestsPage"),
      }),
      createRoute({
        getParentRoute: () => personal,
        path: "/explore/people",
        component: page(explore, "PeoplePage"),
      }),
      createRoute({
        getParentRoute: () => personal,
        path: "/compose",
        validateSearch: (search): { text?: string } => {
          const start = text(search.text);
          return start ? { text: start } : {};
        },
        component: page(() => import("@/routes/compose"), "default"),
      }),
      settings.addChildren([
        createRoute({
          getParentRoute: () => settings,
          path: "/",
          component: page(settingsPages, "SettingsOverview"),
        }),
        createRoute({
          getParentRoute: () => settings,
          path: "/account",
          component: page(settingsPages, "AccountSettings"),
        }),
        createRoute({
          getParentRoute: () => settings,
          path: "/password",
          component: page(settingsPages, "PasswordSettings"),
        }),
        createRoute({
          getParentRoute: () => settings,
          path: "/privacy",
          component: page(settingsPages, "PrivacySettings"),
        }),
        createRoute({
          getParentRoute: () => settings,
          path: "/ranking",
          component: page(settingsPages, "RankingSettings"),
        }),
        createRoute({
          getParentRoute: () => settings,
          path: "/sessions",
          component: page(settingsPages, "SessionsSettings"),
        }),
        createRoute({
          getParentRoute: () => settings,
          path: "/blocked",
          component: page(settingsPages, "BlockedPeople"),
        }),
        createRoute({
          getParentRoute: () => settings,
          path: "/muted",
          component: page(settingsPages, "MutedPeople"),
        }),
        createRoute({
          getParentRoute: () => settings,
          path: "/appearance",
          component: page(settingsPages, "AppearanceSettings"),
        }),
      ]),
    ]),
  ]),
  door.addChildren([
    createRoute({ getParentRoute: () => door, path: "/login", component: page(auth, "Login") }),
    createRoute({
      getParentRoute: () => door,
      path: "/signup",
      component: page(auth, "Signup"),
    }),
  ]),
  createRoute({
    getParentRoute: () => root,
    path: "/reset-password",
    validateSearch: withToken,
    component: page(auth, "Reset"),
  }),
  createRoute({
    getParentRoute: () => root,
    path: "/verify-email",
    validateSearch: withToken,
    component: page(auth, "Verify"),
  }),
]);

export const router = createRouter({
  routeTree: tree,
  scrollRestoration: true,
  defaultPreload: "intent",
  // The shell stays around a page that broke.
  defaultErrorComponent: PageError,
  // Usernames are letters, digits and underscores; search strings stay plain text instead of JSON.
  parseSearch: (search) => Object.fromEntries(new URLSearchParams(search)),
  stringifySearch: (search) => {
    const entries = Object.entries(search).filter(([, value]) => value !== undefined) as [string, string][];
    const query = new URLSearchParams(entries).toString();
    return query && `?${query}`;
  },
});

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}
