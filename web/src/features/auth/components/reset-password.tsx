import { Link } from "@tanstack/react-router";
import { messageOf } from "@/api/problem";
import { Button, buttonClass } from "@/ui/button";
import { FormError, TextField } from "@/ui/field";
import { useForm } from "@/ui/use-form";
import { useRequestPasswordReset, useResetPassword } from "../api/use-auth";
import { AuthPage, authLink } from "./auth-page";

/** Without a token: asks for the link. With the token of that link: sets the new password. */
export function ResetPassword({ token }: { token: string | undefined }) {
  return token ? <NewPassword token={token} /> : <RequestLink />;
}

const backToSignIn = (
  <Link to="/login" className={authLink}>
    Back to sign in
  </Link>
);

function RequestLink() {
  const request = useRequestPasswordReset();
  const form = useForm({ email: "" }, request.error);
  if (request.isSuccess) {
    const text = `If an account belongs to ${form.values.email}, a link is on its way. It works for a short time.`;
    return <AuthPage title="Check your mail" text={text} footer={backToSignIn} />;
  }
  return (
    <AuthPage title="Reset your password" text="We send you a link to set a new one." footer={backToSignIn}>
      <form className="space-y-5" onSubmit={form.submit(({ email }) => request.mutate(email))}>
        <TextField
          {...form.bind("email")}
          label="E-mail"
          type="email"
          autoComplete="email"
          required
          autoFocus
        />
        {form.formError && <FormError>{form.formError}</FormError>}
        <Button type="submit" size="lg" className="w-full" busy={request.isPending}>
          Send link
        </Button>
      </form>
    </AuthPage>
  );
}

function NewPassword({ token }: { token: string }) {
  const reset = useResetPassword();
  const form = useForm({ password: "" }, reset.error);
  if (reset.isSuccess) {
    return (
      <AuthPage title="Password changed" text="You were signed out everywhere. Sign in with the new one.">
        <Link to="/login" className={`${buttonClass("primary", "lg")} w-full`}>
          Sign in
        </Link>
      </AuthPage>
    );
  }
  const rejected = reset.error && !form.bind("password").error;
  return (
    <AuthPage title="Set a new password" text="All your sessions will be ended." footer={backToSignIn}>
      <form className="space-y-5" onSubmit={form.submit(({ password }) => reset.mutate({ token, password }))}>
        <TextField
          {...form.bind("password")}
          label="New password"
          type="password"
          autoComplete="new-password"
          required
          autoFocus
        />
        {rejected && <FormError>{messageOf(reset.error)}</FormError>}
        <Button type="submit" size="lg" className="w-full" busy={reset.isPending}>
          Change password
        </Button>
      </form>
    </AuthPage>
  );
}
