import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  redirect,
} from "@tanstack/react-router";
import { session } from "@/api/session";
import { type SearchTab, tabOf } from "@/domain/search/search-tab";
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

const NotFound = lazyRouteComponent(() => import("@/routes/not-found"), "NotFound");

const root = createRootRoute({
  component: Root,
  notFoundComponent: () => <NotFound />,
  errorComponent: PageError,
});

const shell = createRoute({
  getParentRoute: () => root,
  id: "shell",
  component: lazyRouteComponent(() => import("@/features/shell/components/shell"), "Shell"),
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
  component: lazyRouteComponent(settingsPages, "SettingsLayout"),
});

const tree = root.addChildren([
  createRoute({ getParentRoute: () => root, path: "/", component: Start }),
  shell.addChildren([
    createRoute({
      getParentRoute: () => shell,
      path: "/@{$username}",
      component: lazyRouteComponent(profile, "Posts"),
    }),
    createRoute({
      getParentRoute: () => shell,
      path: "/@{$username}/replies",
      component: lazyRouteComponent(profile, "Replies"),
    }),
    createRoute({
      getParentRoute: () => shell,
      path: "/@{$username}/media",
      component: lazyRouteComponent(profile, "MediaTab"),
    }),
    createRoute({
      getParentRoute: () => shell,
      path: "/@{$username}/likes",
      component: lazyRouteComponent(profile, "Likes"),
    }),
    createRoute({
      getParentRoute: () => shell,
      path: "/@{$username}/followers",
      component: lazyRouteComponent(profile, "Followers"),
    }),
    createRoute({
      getParentRoute: () => shell,
      path: "/@{$username}/following",
      component: lazyRouteComponent(profile, "Following"),
    }),
    createRoute({
      getParentRoute: () => shell,
      path: "/@{$username}/posts/$postId",
      component: lazyRouteComponent(() => import("@/routes/thread")),
    }),
    createRoute({
      getParentRoute: () => shell,
      path: "/@{$username}/posts/$postId/likes",
      component: lazyRouteComponent(profile, "Likers"),
    }),
    createRoute({
      getParentRoute: () => shell,
      path: "/@{$username}/posts/$postId/reposts",
      component: lazyRouteComponent(profile, "Reposters"),
    }),
    createRoute({
      getParentRoute: () => shell,
      path: "/@{$username}/posts/$postId/quotes",
      component: lazyRouteComponent(profile, "Quotes"),
    }),
    createRoute({
      getParentRoute: () => shell,
      path: "/explore",
      validateSearch: (search): { q?: string; tab?: Exclude<SearchTab, "top"> } => {
        const q = text(search.q)?.trim();
        const tab = tabOf(search.tab);
        return q ? { q, ...(tab !== "top" && { tab }) } : {};
      },
      component: lazyRouteComponent(explore, "Explore"),
    }),
    createRoute({
      getParentRoute: () => shell,
      path: "/hashtag/$tag",
      validateSearch: (search): { tab?: "top" } => (search.tab === "top" ? { tab: "top" } : {}),
      component: lazyRouteComponent(explore, "Hashtag"),
    }),
    personal.addChildren([
      createRoute({
        getParentRoute: () => personal,
        path: "/notifications",
        component: lazyRouteComponent(mine, "NotificationsPage"),
      }),
      createRoute({
        getParentRoute: () => personal,
        path: "/bookmarks",
        component: lazyRouteComponent(mine, "BookmarksPage"),
      }),
      createRoute({
        getParentRoute: () => personal,
        path: "/requests",
        component: lazyRouteComponent(mine, "FollowRequestsPage"),
      }),
      createRoute({
        getParentRoute: () => personal,
        path: "/explore/people",
        component: lazyRouteComponent(explore, "PeoplePage"),
      }),
      createRoute({
        getParentRoute: () => personal,
        path: "/compose",
        validateSearch: (search): { text?: string } => {
          const start = text(search.text);
          return start ? { text: start } : {};
        },
        component: lazyRouteComponent(() => import("@/routes/compose")),
      }),
      settings.addChildren([
        createRoute({
          getParentRoute: () => settings,
          path: "/",
          component: lazyRouteComponent(settingsPages, "SettingsOverview"),
        }),
        createRoute({
          getParentRoute: () => settings,
          path: "/account",
          component: lazyRouteComponent(settingsPages, "AccountSettings"),
        }),
        createRoute({
          getParentRoute: () => settings,
          path: "/password",
          component: lazyRouteComponent(settingsPages, "PasswordSettings"),
        }),
        createRoute({
          getParentRoute: () => settings,
          path: "/privacy",
          component: lazyRouteComponent(settingsPages, "PrivacySettings"),
        }),
        createRoute({
          getParentRoute: () => settings,
          path: "/ranking",
          component: lazyRouteComponent(settingsPages, "RankingSettings"),
        }),
        createRoute({
          getParentRoute: () => settings,
          path: "/sessions",
          component: lazyRouteComponent(settingsPages, "SessionsSettings"),
        }),
        createRoute({
          getParentRoute: () => settings,
          path: "/blocked",
          component: lazyRouteComponent(settingsPages, "BlockedPeople"),
        }),
        createRoute({
          getParentRoute: () => settings,
          path: "/muted",
          component: lazyRouteComponent(settingsPages, "MutedPeople"),
        }),
        createRoute({
          getParentRoute: () => settings,
          path: "/appearance",
          component: lazyRouteComponent(settingsPages, "AppearanceSettings"),
        }),
      ]),
    ]),
  ]),
  door.addChildren([
    createRoute({ getParentRoute: () => door, path: "/login", component: lazyRouteComponent(auth, "Login") }),
    createRoute({
      getParentRoute: () => door,
      path: "/signup",
      component: lazyRouteComponent(auth, "Signup"),
    }),
  ]),
  createRoute({
    getParentRoute: () => root,
    path: "/reset-password",
    validateSearch: withToken,
    component: lazyRouteComponent(auth, "Reset"),
  }),
  createRoute({
    getParentRoute: () => root,
    path: "/verify-email",
    validateSearch: withToken,
    component: lazyRouteComponent(auth, "Verify"),
  }),
]);

export const router = createRouter({
  routeTree: tree,
  scrollRestoration: true,
  defaultPreload: "intent",
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
