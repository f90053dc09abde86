import { Link } from "@tanstack/react-router";
import { useMe } from "@/domain/users/cache";
import { buttonClass } from "@/ui/button";
import { Switch } from "@/ui/switch";
import { useSetProtected } from "../api/use-settings";

export function PrivacySettings() {
  const me = useMe();
  const set = useSetProtected();
  if (!me) return null;
  return (
    <div className="space-y-6 p-4">
      <Switch
        label="Protect your posts"
        text="Only people whose request you accept see your posts, your followers and whom you follow. Those who follow you already stay."
        checked={me.protected}
        onChange={(checked) => set.mutate(checked)}
      />
      <Link to="/requests" className={buttonClass("secondary")}>
        Follow requests
      </Link>
    </div>
  );
}
