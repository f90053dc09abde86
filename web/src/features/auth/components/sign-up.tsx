import { Link } from "@tanstack/react-router";
import { Button } from "@/ui/button";
import { FormError, TextField } from "@/ui/field";
import { useForm } from "@/ui/use-form";
import { useSignUp } from "../api/use-auth";
import { AuthPage, authLink } from "./auth-page";

const wellFormed = /^[A-Za-z0-9_]{1,20}$/;
const check = ({ username }: { username: string }) =>
  wellFormed.test(username) ? {} : { username: "Use 1 to 20 letters, digits or underscores." };

export function SignUp({ onDone }: { onDone: () => void }) {
  const signUp = useSignUp();
  const form = useForm({ username: "", email: "", password: "" }, signUp.error, check);
  const footer = (
    <>
      Already a member?{" "}
      <Link to="/login" className={authLink}>
        Sign in
      </Link>
    </>
  );
  return (
    <AuthPage title="Join Rookery" text="A name, an address, a good password. That is all." footer={footer}>
      <form
        className="space-y-5"
        onSubmit={form.submit((values) => signUp.mutate(values, { onSuccess: onDone }))}
      >
        <TextField
          {...form.bind("username")}
          label="Username"
          hint="1 to 20 letters, digits or underscores."
          autoComplete="username"
          autoCapitalize="none"
          spellCheck={false}
          maxLength={20}
          required
          autoFocus
        />
        <TextField {...form.bind("email")} label="E-mail" type="email" autoComplete="email" required />
        <TextField
          {...form.bind("password")}
          label="Password"
          hint="A few uncommon words make a strong one."
          type="password"
          autoComplete="new-password"
          required
        />
        {form.formError && <FormError>{form.formError}</FormError>}
        <Button type="submit" size="lg" className="w-full" busy={signUp.isPending}>
          Create account
        </Button>
      </form>
    </AuthPage>
  );
}
