import { useMe } from "@/domain/users/cache";
import { Button } from "@/ui/button";
import { FormError, TextField } from "@/ui/field";
import { toast } from "@/ui/toaster";
import { useForm } from "@/ui/use-form";
import { useChangePassword } from "../api/use-settings";

const blank = { current_password: "", new_password: "" };

export function PasswordSettings() {
  const me = useMe();
  const change = useChangePassword();
  const form = useForm(blank, change.error);
  const save = form.submit((values) =>
    change.mutate(values, {
      onSuccess: () => {
        form.setValues(blank);
        toast.info("Password changed. Your other sessions have ended.");
      },
    }),
  );
  return (
    <form className="space-y-5 p-4" onSubmit={save}>
      {/* Tells password managers which entry to update. */}
      <input type="hidden" name="username" autoComplete="username" value={me?.username ?? ""} readOnly />
      <TextField
        {...form.bind("current_password")}
        label="Current password"
        type="password"
        autoComplete="current-password"
        required
      />
      <TextField
        {...form.bind("new_password")}
        label="New password"
        hint="A few uncommon words make a strong one. Other devices will be signed out."
        type="password"
        autoComplete="new-password"
        required
      />
      {form.formError && <FormError>{form.formError}</FormError>}
      <Button type="submit" busy={change.isPending}>
        Change password
      </Button>
    </form>
  );
}
