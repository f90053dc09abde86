import { useNavigate, useSearch } from "@tanstack/react-router";
import { ResetPassword } from "@/features/auth/components/reset-password";
import { SignIn } from "@/features/auth/components/sign-in";
import { SignUp } from "@/features/auth/components/sign-up";
import { VerifyEmail } from "@/features/auth/components/verify-email";

/** Back to the page that asked for the sign-in, or home. */
function useEnter() {
  const navigate = useNavigate();
  const { next } = useSearch({ strict: false });
  return () => void navigate({ href: next ?? "/", replace: true });
}

export const Login = () => <SignIn onDone={useEnter()} />;
export const Signup = () => <SignUp onDone={useEnter()} />;
export const Reset = () => <ResetPassword token={useSearch({ strict: false }).token} />;
export const Verify = () => <VerifyEmail token={useSearch({ strict: false }).token} />;
