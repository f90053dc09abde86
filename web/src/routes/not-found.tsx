import { Link } from "@tanstack/react-router";
import { Bird } from "lucide-react";
import { usePageTitle } from "@/domain/use-page-title";
import { ShellFrame } from "@/features/shell/components/shell";
import { buttonClass } from "@/ui/button";
import { PageHeader } from "@/ui/page-header";
import { EmptyState } from "@/ui/states";

export function NotFound() {
  usePageTitle("Not found");
  return (
    <ShellFrame>
      <PageHeader title="Not found" back />
      <EmptyState icon={Bird} title="This branch is empty" text="There is no page at this address.">
        <Link to="/" className={buttonClass("primary")}>
          Go home
        </Link>
      </EmptyState>
    </ShellFrame>
  );
}
