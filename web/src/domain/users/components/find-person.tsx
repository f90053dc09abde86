import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { AtSign } from "lucide-react";
import { useDeferredValue, useEffect, useRef, useState } from "react";
import { api, unwrap } from "@/api/client";
import { isApiError } from "@/api/problem";
import { userKeys } from "@/domain/users/cache";
import { UserRow } from "@/domain/users/components/user-row";

const wellFormed = /^[A-Za-z0-9_]{1,20}$/;

interface FindPersonProps {
  autoFocus?: boolean;
  /** The profile of who was found has been opened. */
  onOpened?: () => void;
}

/** Finds somebody by their exact username. */
export function FindPerson({ autoFocus = false, onOpened }: FindPersonProps) {
  const [typed, setTyped] = useState("");
  const field = useRef<HTMLInputElement>(null);
  const navigate = useNavigate();
  const username = useDeferredValue(typed.trim().replace(/^@/, ""));
  const valid = wellFormed.test(username);
  const query = useQuery({
    queryKey: userKeys.byName(username),
    queryFn: ({ signal }) =>
      unwrap(api.GET("/v1/users/by-username/{username}", { params: { path: { username } }, signal })),
    enabled: valid,
    retry: false,
    staleTime: 60_000,
  });
  useEffect(() => {
    if (autoFocus) field.current?.focus();
  }, [autoFocus]);
  const open = () => {
    if (!query.data) return;
    setTyped("");
    onOpened?.();
    void navigate({ to: "/@{$username}", params: { username: query.data.username } });
  };
  return (
    <search className="block">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          open();
        }}
      >
        <label className="flex items-center gap-2 rounded-full border border-transparent bg-surface px-4 focus-within:border-accent focus-within:bg-bg">
          <AtSign className="size-4.5 text-muted" aria-hidden="true" />
          <span className="sr-only">Find someone by username</span>
          <input
            ref={field}
            value={typed}
            onChange={(event) => setTyped(event.target.value)}
            placeholder="Find someone by username"
            autoComplete="off"
            autoCapitalize="none"
            spellCheck={false}
            maxLength={21}
            className="h-11 min-w-0 flex-1 bg-transparent text-[15px] outline-none placeholder:text-muted"
          />
        </label>
      </form>
      <div
        role="status"
        className="mt-2 overflow-hidden rounded-2xl empty:hidden [&:not(:empty)]:border [&:not(:empty)]:border-line"
      >
        {valid && query.data && <UserRow user={query.data} {...(onOpened && { onOpen: onOpened })} />}
        {valid && isApiError(query.error, 404) && (
          <p className="px-4 py-3 text-[14.5px] text-muted">Nobody is called @{username} here.</p>
        )}
      </div>
    </search>
  );
}
