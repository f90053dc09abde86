import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { namedLanguages } from "@/domain/languages";
import { useRecentSearches } from "@/domain/search/use-recent-searches";
import { useMe } from "@/domain/users/cache";
import { Button } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { SelectField, TextField } from "@/ui/field";
import { emptyForm, formOf, type QueryForm, queryOf } from "../query-form";

const has = [
  ["", "Anything"],
  ["media", "Pictures or videos"],
  ["image", "Pictures"],
  ["video", "Videos"],
  ["link", "Links"],
  ["poll", "Polls"],
] as const;
const is = [
  ["", "All posts"],
  ["reply", "Replies"],
  ["quote", "Quotes"],
] as const;
const languageOptions = [
  ["", "Any language"] as const,
  ...namedLanguages.map(({ code, name }) => [code, name] as const),
];

interface AdvancedDialogProps {
  query: string;
  onClose: () => void;
}

/** Writes a query from fields, beginning with what was searched for. */
export default function AdvancedDialog({ query, onClose }: AdvancedDialogProps) {
  const [form, setForm] = useState(() => formOf(query));
  const navigate = useNavigate();
  const { remember } = useRecentSearches();
  const q = queryOf(form);
  const search = () => {
    remember(q);
    onClose();
    void navigate({ to: "/explore", search: { q } });
  };
  return (
    <Dialog open onOpenChange={onClose} title="Advanced search" wide fullOnPhone>
      <form
        className="px-5 pb-5"
        onSubmit={(event) => {
          event.preventDefault();
          if (q) search();
        }}
      >
        <Fields form={form} onChange={(change) => setForm({ ...form, ...change })} />
        <footer className="sticky bottom-0 -mx-5 mt-5 -mb-5 border-t border-line bg-raised px-5 py-3">
          <p className="mb-2.5 line-clamp-2 min-h-5 text-[14px] text-muted">
            {q ? (
              <code className="font-mono text-text">{q}</code>
            ) : (
              "Fill in what you know; leave out the rest."
            )}
          </p>
          <div className="flex justify-end gap-2">
            <Button variant="secondary" onClick={() => setForm(emptyForm)}>
              Empty all
            </Button>
            <Button type="submit" disabled={!q}>
              Search
            </Button>
          </div>
        </footer>
      </form>
    </Dialog>
  );
}

interface FieldsProps {
  form: QueryForm;
  onChange: (change: Partial<QueryForm>) => void;
}

function Fields({ form, onChange }: FieldsProps) {
  const me = useMe();
  const text = (name: Exclude<keyof QueryForm, "follows">) => ({
    value: form[name],
    onChange: (event: { target: { value: string } }) => onChange({ [name]: event.target.value }),
    autoComplete: "off",
  });
  return (
    <div className="grid gap-4 sm:grid-cols-2">
      <Title>Words</Title>
      <TextField label="All of these" placeholder="rook nest #birds" {...text("words")} />
      <TextField label="This exact phrase" placeholder="early bird" {...text("phrase")} />
      <TextField label="Any of these" placeholder="rook crow" {...text("any")} />
      <TextField label="None of these" placeholder="pigeon" {...text("none")} />
      <Title>People</Title>
      <TextField label="Written by" placeholder="username" autoCapitalize="none" {...text("from")} />
      <TextField label="In reply to" placeholder="username" autoCapitalize="none" {...text("to")} />
      {me && (
        <label className="flex items-center gap-2.5 text-[15px] sm:col-span-2">
          <input
            type="checkbox"
            checked={form.follows}
            onChange={(event) => onChange({ follows: event.target.checked })}
            className="size-5 accent-accent"
          />
          Only by people you follow
        </label>
      )}
      <Title>When</Title>
      <TextField label="On this day or later" type="date" {...text("since")} />
      <TextField label="Before this day" type="date" {...text("until")} />
      <Title>What kind</Title>
      <SelectField label="With" options={has} {...text("has")} />
      <SelectField label="Which posts" options={is} {...text("is")} />
      <SelectField label="Language" options={languageOptions} {...text("lang")} />
      <span className="max-sm:hidden" />
      <TextField label="Likes, at least" inputMode="numeric" pattern="[0-9]{1,9}" {...text("min_likes")} />
      <TextField
        label="Reposts, at least"
        inputMode="numeric"
        pattern="[0-9]{1,9}"
        {...text("min_reposts")}
      />
    </div>
  );
}

const Title = ({ children }: { children: string }) => (
  <h3 className="border-t border-line pt-3 text-sm font-bold text-muted first:border-0 first:pt-0 sm:col-span-2">
    {children}
  </h3>
);
