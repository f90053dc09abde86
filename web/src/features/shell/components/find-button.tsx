import { Search } from "lucide-react";
import { IconButton } from "@/ui/button";
import { finding } from "../finding";

export function FindButton() {
  return (
    <IconButton label="Find someone" aria-haspopup="dialog" onClick={() => finding.set(true)}>
      <Search />
    </IconButton>
  );
}
