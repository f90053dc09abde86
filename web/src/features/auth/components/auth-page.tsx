import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { usePageTitle } from "@/domain/use-page-title";
import { Logo } from "@/ui/logo";

interface AuthPageProps {
  title: string;
  text?: string;
  children?: ReactNode;
  footer?: ReactNode;
}

/** The frame of every page before the door: one card in the middle. */
export function AuthPage({ title, text, children, footer }: AuthPageProps) {
  usePageTitle(title);
  return (
    <main className="grid min-h-dvh place-items-center bg-surface px-4 py-10">
      <div className="w-full max-w-105">
        <Link to="/" aria-label="Rookery, start page" className="mx-auto block w-fit rounded-2xl">
          <Logo className="size-14" />
        </Link>
        <div className="mt-6 rounded-3xl border border-line bg-bg px-6 py-8 sm:px-9">
          <h1 className="text-center text-[26px] font-extrabold tracking-tight">{title}</h1>
          {text && <p className="mt-2 text-center text-[15px] text-balance text-muted">{text}</p>}
          {children && <div className="mt-7">{children}</div>}
        </div>
        {footer && <p className="mt-6 text-center text-[15px] text-muted">{footer}</p>}
      </div>
    </main>
  );
}

export const authLink = "font-semibold text-accent underline-offset-2 hover:underline";
