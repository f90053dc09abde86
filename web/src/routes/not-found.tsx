import { Link } from "@tanstack/react-router";
import { Bird } from "lucide-react";
import { usePageTitle } from "@/domain/use-page-title";
import { buttonClass } from "@/ui/button";
import { EmptyState } from "@/ui/states";

export function NotFound() {
  usePageTitle("Not found");
  return (
    <EmptyState icon={Bird} title="This branch is empty" text="There is no page at this address.">
      <Link to="/" className={buttonClass("primary")}>
        Go home
      </Link>
    </EmptyState>
  );
}
