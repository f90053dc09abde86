import { useMutation } from "@tanstack/react-query";
import { useRef } from "react";
import { api, unwrap } from "@/api/client";
import { session } from "@/api/session";
import { randomId } from "@/lib/ids";

export function useSignIn() {
  return useMutation({
    mutationFn: (body: { login: string; password: string }) => unwrap(api.POST("/v1/sessions", { body })),
    onSuccess: (grant) => session.adopt(grant),
  });
}

/** One key per filled-in form: sending the same form twice makes one account. */
export function useSignUp() {
  const attempt = useRef({ form: "", key: "" });
  return useMutation({
    mutationFn: (body: { username: string; email: string; password: string }) => {
      const form = JSON.stringify(body);
      if (attempt.current.form !== form) attempt.current = { form, key: randomId() };
      const header = { "Idempotency-Key": attempt.current.key };
      return unwrap(api.POST("/v1/users", { body, params: { header } }));
    },
    onSuccess: (grant) => session.adopt(grant),
  });
}

export function useRequestPasswordReset() {
  return useMutation({
    mutationFn: (email: string) => unwrap(api.POST("/v1/password-resets", { body: { email } })),
  });
}

export function useResetPassword() {
  return useMutation({
    mutationFn: (body: { token: string; password: string }) =>
      unwrap(api.POST("/v1/password-resets/confirm", { body })),
    onSuccess: () => session.end(),
  });
}

export function useConfirmEmail() {
  return useMutation({
    mutationFn: (token: string) => unwrap(api.POST("/v1/email-verifications/confirm", { body: { token } })),
  });
}
