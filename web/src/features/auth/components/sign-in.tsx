import { Link } from "@tanstack/react-router";
import { session } from "@/api/session";
import { useStore } from "@/lib/store";
import { Button } from "@/ui/button";
import { FormError, TextField } from "@/ui/field";
import { useForm } from "@/ui/use-form";
import { useSignIn } from "../api/use-auth";
import { AuthPage, authLink } from "./auth-page";

const lostText = "You were signed out: this session was ended elsewhere, or has run out. Sign in to go on.";

export function SignIn({ onDone }: { onDone: () => void }) {
  const signIn = useSignIn();
  const lost = useStore(session.lost);
  const form = useForm({ login: "", password: "" }, signIn.error);
  const footer = (
    <>
      New here?{" "}
      <Link to="/signup" className={authLink}>
        Create an account
      </Link>
    </>
  );
  return (
    <AuthPage title="Welcome back" {...(lost && { text: lostText })} footer={footer}>
      <form
        className="space-y-5"
        onSubmit={form.submit((values) => signIn.mutate(values, { onSuccess: onDone }))}
      >
        <TextField
          {...form.bind("login")}
          label="Username or e-mail"
          autoComplete="username"
          autoCapitalize="none"
          spellCheck={false}
          required
          autoFocus
        />
        <TextField
          {...form.bind("password")}
          label="Password"
          type="password"
          autoComplete="current-password"
          required
        />
        {form.formError && <FormError>{form.formError}</FormError>}
        <Button type="submit" size="lg" className="w-full" busy={signIn.isPending}>
          Sign in
        </Button>
        <p className="text-center text-[15px]">
          <Link to="/reset-password" className={authLink}>
            Forgot your password?
          </Link>
        </p>
      </form>
    </AuthPage>
  );
}
