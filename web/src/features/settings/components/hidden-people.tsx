import { Ban, EyeOff } from "lucide-react";
import type { User } from "@/api/types";
import { noRelationship } from "@/domain/users/cache";
import { UserList } from "@/domain/users/components/user-list";
import { useRelationship } from "@/domain/users/use-relationship";
import { Button } from "@/ui/button";
import { EmptyState } from "@/ui/states";
import { useHiddenPeople } from "../api/use-settings";

export function BlockedPeople() {
  const query = useHiddenPeople("blocks");
  const empty = (
    <EmptyState
      icon={Ban}
      title="Nobody is blocked"
      text="Block people from their profile or from the menu of a post."
    />
  );
  return (
    <UserList
      query={query}
      label="Blocked people"
      empty={empty}
      action={(user) => <BlockSwitch user={user} />}
    />
  );
}

export function MutedPeople() {
  const query = useHiddenPeople("mutes");
  const empty = (
    <EmptyState
      icon={EyeOff}
      title="Nobody is muted"
      text="Muting is quiet: the other person does not notice."
    />
  );
  return (
    <UserList
      query={query}
      label="Muted people"
      empty={empty}
      action={(user) => <MuteSwitch user={user} />}
    />
  );
}

function BlockSwitch({ user }: { user: User }) {
  const actions = useRelationship(user);
  const on = (user.viewer ?? { ...noRelationship, blocking: true }).blocking;
  return (
    <Button variant={on ? "secondary" : "danger"} size="sm" onClick={on ? actions.unblock : actions.block}>
      {on ? "Unblock" : "Block"}
    </Button>
  );
}

function MuteSwitch({ user }: { user: User }) {
  const actions = useRelationship(user);
  const on = (user.viewer ?? { ...noRelationship, muting: true }).muting;
  return (
    <Button variant="secondary" size="sm" onClick={on ? actions.unmute : actions.mute}>
      {on ? "Unmute" : "Mute"}
    </Button>
  );
}
