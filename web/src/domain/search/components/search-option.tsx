import { Clock, Hash, type LucideIcon, SlidersHorizontal } from "lucide-react";
import { type ReactNode, useEffect, useRef } from "react";
import { DisplayName } from "@/domain/users/components/user-names";
import { cx } from "@/lib/cx";
import { compactNumber, plural } from "@/lib/numbers";
import { Avatar } from "@/ui/avatar";
import type { Choice } from "../completion";

interface SearchOptionProps {
  id: string;
  choice: Choice;
  active: boolean;
  onChoose: () => void;
}

/** One option of the listbox. The focus stays in the box. */
export function SearchOption({ id, choice, active, onChoose }: SearchOptionProps) {
  const row = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (active) row.current?.scrollIntoView({ block: "nearest" });
  }, [active]);
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the combobox has the keys
    // biome-ignore lint/a11y/useFocusableInteractive: the combobox has the focus
    <div
      ref={row}
      id={id}
      role="option"
      aria-selected={active}
      onPointerDown={(event) => event.preventDefault()}
      onClick={onChoose}
      className={cx(
        "flex min-h-11 cursor-pointer items-center gap-3 px-4 py-1.5 text-[14.5px] hover:bg-hover",
        active && "bg-hover shadow-[inset_3px_0_var(--accent)]",
        choice.kind === "recent" && "h-11",
      )}
    >
      <OptionContent choice={choice} />
    </div>
  );
}

function OptionContent({ choice }: { choice: Choice }) {
  if (choice.kind === "recent") {
    return (
      <>
        <Icon icon={Clock} />
        <span className="truncate">{choice.query}</span>
      </>
    );
  }
  if (choice.kind === "user") {
    const { user } = choice;
    return (
      <>
        <Avatar user={user} className="size-9 text-sm" />
        <span className="min-w-0 flex-1 leading-tight">
          <DisplayName user={user} />
          <span className="block truncate text-[13.5px] text-muted">@{user.username}</span>
        </span>
        {user.following && <Quiet>Following</Quiet>}
      </>
    );
  }
  if (choice.kind === "hashtag") {
    const { tag, posts_count } = choice.hashtag;
    return (
      <>
        <Icon icon={Hash} />
        <span className="min-w-0 flex-1 truncate font-semibold">#{tag}</span>
        <Quiet>
          {compactNumber(posts_count)} {plural(posts_count, "post")}
        </Quiet>
      </>
    );
  }
  const { name, help, example } = choice.operator;
  return (
    <>
      <Icon icon={SlidersHorizontal} />
      <span className="min-w-0 flex-1 leading-tight">
        <span className="font-semibold">{name}</span> <span className="text-muted">{help}</span>
        <span className="block truncate text-[13px] text-muted">such as {example}</span>
      </span>
    </>
  );
}

const Icon = ({ icon: Shown }: { icon: LucideIcon }) => (
  <span className="grid w-9 shrink-0 place-items-center text-muted">
    <Shown className="size-4.5" aria-hidden="true" />
  </span>
);

const Quiet = ({ children }: { children: ReactNode }) => (
  <span className="shrink-0 text-[13px] text-muted">{children}</span>
);
