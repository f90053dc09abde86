import "./styles.css";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { session } from "@/api/session";
import { watchSystemTheme } from "@/lib/theme";
import { App } from "./app";
import { bindSession } from "./query-client";
import { router } from "./router";

watchSystemTheme();
// After the status has changed, guards send private pages to the sign-in.
bindSession(() => queueMicrotask(() => void router.invalidate()));
void session.start();
// Fetched while the session is being refreshed, not after it.
if (session.expected) void import("@/features/shell/components/shell");
if (session.expected && location.pathname === "/") void import("@/routes/home");

const container = document.getElementById("root");
if (!container) throw new Error("index.html has no #root");
createRoot(container).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
