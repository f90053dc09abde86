import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api, unwrap } from "@/api/client";
import { byCursor, pageQuery } from "@/api/pages";
import { messageOf } from "@/api/problem";
import type { Me, Page, Session } from "@/api/types";
import { userKeys } from "@/domain/users/cache";
import { signOut } from "@/domain/users/sign-out";
import { toast } from "@/ui/toaster";

const sessionsKey = ["sessions"] as const;

export function useSessions() {
  return useQuery({
    queryKey: sessionsKey,
    queryFn: ({ signal }) => unwrap(api.GET("/v1/sessions", { signal })),
    staleTime: 0,
  });
}

export function useRevokeSession() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async (target: Session) => {
      if (target.current) return signOut();
      await unwrap(api.DELETE("/v1/sessions/{session_id}", { params: { path: { session_id: target.id } } }));
      client.setQueryData<Page<Session>>(
        sessionsKey,
        (page) => page && { ...page, data: page.data.filter((each) => each.id !== target.id) },
      );
    },
    onSuccess: (_, target) => toast.info(target.current ? "Signed out" : "That session has ended"),
    onError: (error) => toast.error(messageOf(error)),
  });
}

export function useRevokeOthers() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => unwrap(api.DELETE("/v1/sessions")),
    onSuccess: () => {
      void client.invalidateQueries({ queryKey: sessionsKey });
      toast.info("All other sessions have ended");
    },
    onError: (error) => toast.error(messageOf(error)),
  });
}

export function useChangePassword() {
  return useMutation({
    mutationFn: (body: { current_password: string; new_password: string }) =>
      unwrap(api.PUT("/v1/users/me/password", { body })),
  });
}

export function useResendVerification() {
  return useMutation({
    mutationFn: () => unwrap(api.POST("/v1/email-verifications")),
    onSuccess: () => toast.info("A new link is on its way"),
    onError: (error) => toast.error(messageOf(error)),
  });
}

type Switched = "protected" | "alt_reminder";

/** Switches something of the own account; shown at once, taken back when the server refuses. */
function useSetMine(name: Switched) {
  const client = useQueryClient();
  const show = (value: boolean) =>
    client.setQueryData<Me>(userKeys.me, (me) => me && { ...me, [name]: value });
  return useMutation({
    mutationFn: (value: boolean) => unwrap(api.PATCH("/v1/users/me", { body: { [name]: value } })),
    onMutate: show,
    onSuccess: (me) => client.setQueryData(userKeys.me, me),
    onError: (error, value) => {
      show(!value);
      toast.error(messageOf(error));
    },
  });
}

export const useSetProtected = () => useSetMine("protected");
export const useSetAltReminder = () => useSetMine("alt_reminder");

export function useHiddenPeople(kind: "blocks" | "mutes") {
  return useInfiniteQuery({
    queryKey: userKeys.list(kind, "me"),
    queryFn: ({ pageParam, signal }) => {
      const options = { params: { query: pageQuery(pageParam, 50) }, signal };
      return unwrap(
        kind === "blocks" ? api.GET("/v1/users/me/blocks", options) : api.GET("/v1/users/me/mutes", options),
      );
    },
    ...byCursor,
  });
}
