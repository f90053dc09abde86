import { useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useEffect, useRef } from "react";
import { isApiError, messageOf } from "@/api/problem";
import { userKeys } from "@/domain/users/cache";
import { buttonClass } from "@/ui/button";
import { FormError } from "@/ui/field";
import { LoadingMore } from "@/ui/spinner";
import { useConfirmEmail } from "../api/use-auth";
import { AuthPage } from "./auth-page";

export function VerifyEmail({ token }: { token: string | undefined }) {
  const client = useQueryClient();
  const confirm = useConfirmEmail();
  const asked = useRef(false);
  const { mutate } = confirm;

  useEffect(() => {
    // Tokens work once, and React runs effects twice in development.
    if (!token || asked.current) return;
    asked.current = true;
    mutate(token, { onSuccess: () => void client.invalidateQueries({ queryKey: userKeys.me }) });
  }, [token, mutate, client]);

  if (confirm.isSuccess) {
    return (
      <AuthPage title="E-mail confirmed" text="Thank you. Your account is complete.">
        <Link to="/" className={`${buttonClass("primary", "lg")} w-full`}>
          Go to Rookery
        </Link>
      </AuthPage>
    );
  }
  const isDeadLink = isApiError(confirm.error) && "token" in confirm.error.fields;
  if (!token || confirm.isError) {
    return (
      <AuthPage
        title="This link does not work"
        text="It may be old or used. You can ask for a new one in the settings."
      >
        <div className="space-y-4">
          {confirm.error && !isDeadLink && <FormError>{messageOf(confirm.error)}</FormError>}
          <Link to="/settings/account" className={`${buttonClass("secondary", "lg")} w-full`}>
            Open settings
          </Link>
        </div>
      </AuthPage>
    );
  }
  return (
    <AuthPage title="Confirming your e-mail">
      <LoadingMore label="Confirming" />
    </AuthPage>
  );
}
