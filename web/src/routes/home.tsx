import { lazy, Suspense } from "react";
import { useMe } from "@/domain/users/cache";
import { FindPerson } from "@/domain/users/components/find-person";
import { Home } from "@/features/home/components/home";
import { AccountMenu } from "@/features/shell/components/account-menu";

const Composer = lazy(() =>
  import("@/features/composer/components/composer").then((all) => ({ default: all.Composer })),
);

const target = { mode: "new" } as const;
const placeholder = <div className="hidden h-17 border-b border-line sm:block" />;

export default function HomeRoute() {
  const me = useMe();
  if (!me) return null;
  const composer = (
    <Suspense fallback={placeholder}>
      <div className="hidden sm:block">
        <Composer me={me} target={target} inline />
      </div>
    </Suspense>
  );
  const corner = (
    <div className="sm:hidden">
      <AccountMenu compact />
    </div>
  );
  return <Home corner={corner} composer={composer} findPeople={<FindPerson />} />;
}
