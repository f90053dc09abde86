import { Link, useLocation } from "@tanstack/react-router";
import { signInPrompt } from "@/domain/composing";
import { buttonClass } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { Logo } from "@/ui/logo";

/** What strangers see when they try to like, follow or answer. */
export default function JoinDialog() {
  const { href } = useLocation();
  const close = () => signInPrompt.set(false);
  return (
    <Dialog open onOpenChange={signInPrompt.set} title="Join the conversation">
      <div className="flex flex-col items-center px-6 pt-2 pb-8 text-center">
        <Logo className="size-14" />
        <p className="mt-4 max-w-80 text-muted">Sign in to like, repost, follow and reply.</p>
        <div className="mt-6 grid w-full max-w-80 gap-2.5">
          <Link to="/signup" search={{ next: href }} className={buttonClass("primary", "lg")} onClick={close}>
            Create account
          </Link>
          <Link
            to="/login"
            search={{ next: href }}
            className={buttonClass("secondary", "lg")}
            onClick={close}
          >
            Sign in
          </Link>
        </div>
      </div>
    </Dialog>
  );
}
