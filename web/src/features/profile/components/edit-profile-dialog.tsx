import type { Me } from "@/api/types";
import { useMe } from "@/domain/users/cache";
import { Button } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { FormError, TextAreaField, TextField } from "@/ui/field";
import { toast } from "@/ui/toaster";
import { useForm } from "@/ui/use-form";
import { useUpdateProfile } from "../api/use-profile";
import { ProfilePictures } from "./profile-pictures";

export default function EditProfileDialog({ onClose }: { onClose: () => void }) {
  const me = useMe();
  return me ? <EditProfile me={me} onClose={onClose} /> : null;
}

function EditProfile({ me, onClose }: { me: Me; onClose: () => void }) {
  const update = useUpdateProfile();
  const initial = {
    display_name: me.display_name,
    bio: me.bio,
    location: me.location,
    website: me.website ?? "",
  };
  const form = useForm(initial, update.error);
  const save = form.submit((values) =>
    update.mutate(
      { ...values, website: values.website.trim() || null },
      {
        onSuccess: () => {
          toast.info("Profile saved");
          onClose();
        },
      },
    ),
  );
  const submit = (
    <Button type="submit" form="edit-profile" size="sm" busy={update.isPending}>
      Save
    </Button>
  );
  return (
    <Dialog open onOpenChange={onClose} title="Edit profile" action={submit} wide fullOnPhone>
      <ProfilePictures me={me} />
      <form id="edit-profile" className="space-y-5 px-5 pt-2 pb-6" onSubmit={save}>
        {form.formError && <FormError>{form.formError}</FormError>}
        <TextField {...form.bind("display_name")} label="Name" maxLength={50} autoComplete="name" />
        <TextAreaField {...form.bind("bio")} label="About you" maxLength={160} />
        <TextField {...form.bind("location")} label="Location" maxLength={30} />
        <TextField
          {...form.bind("website")}
          label="Website"
          inputMode="url"
          placeholder="https://"
          maxLength={100}
        />
      </form>
    </Dialog>
  );
}
