import { useRouter } from "@tanstack/react-router";
import { ErrorState } from "@/ui/states";

/** A page that broke: a lost chunk after a deployment, or a mistake of ours. */
export function PageError({ error }: { error: unknown }) {
  const router = useRouter();
  const lostChunk = error instanceof TypeError && /import/i.test(error.message);
  const retry = () => (lostChunk ? location.reload() : void router.invalidate());
  return <ErrorState error={error} onRetry={retry} />;
}
