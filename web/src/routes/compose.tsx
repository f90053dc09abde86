import { useNavigate, useSearch } from "@tanstack/react-router";
import { usePageTitle } from "@/domain/use-page-title";
import { useMe } from "@/domain/users/cache";
import { Composer } from "@/features/composer/components/composer";
import { PageHeader } from "@/ui/page-header";

/** The composer as a page of its own, for links from elsewhere: /compose?text=... */
export default function ComposeRoute() {
  usePageTitle("New post");
  const me = useMe();
  const navigate = useNavigate();
  const { text } = useSearch({ from: "/shell/private/compose" });
  return (
    <>
      <PageHeader title="New post" back />
      <div className="pt-3">
        {me && (
          <Composer
            me={me}
            target={{ mode: "new", ...(text && { text }) }}
            autoFocus
            onSent={() => void navigate({ to: "/" })}
          />
        )}
      </div>
    </>
  );
}
