import { MonitorCog, Moon, Sun } from "lucide-react";
import { useMe } from "@/domain/users/cache";
import { cx } from "@/lib/cx";
import { useStore } from "@/lib/store";
import { setTheme, themeChoice } from "@/lib/theme";
import { Switch } from "@/ui/switch";
import { useSetAltReminder } from "../api/use-settings";

const choices = [
  { value: "system", label: "System", icon: MonitorCog },
  { value: "light", label: "Light", icon: Sun },
  { value: "dark", label: "Dark", icon: Moon },
] as const;

export function AppearanceSettings() {
  return (
    <>
      <ThemeChoice />
      <PictureSettings />
    </>
  );
}

function PictureSettings() {
  const me = useMe();
  const set = useSetAltReminder();
  if (!me) return null;
  return (
    <section className="border-t border-line p-4">
      <h2 className="mb-3 font-semibold">Pictures and videos</h2>
      <Switch
        label="Remind me to describe them"
        text="Asks before you post one without a description for people who cannot see it."
        checked={me.alt_reminder}
        onChange={(on) => set.mutate(on)}
      />
    </section>
  );
}

function ThemeChoice() {
  const chosen = useStore(themeChoice);
  return (
    <fieldset className="p-4">
      {/* A legend stands on the border of its fieldset, outside of the padding. */}
      <legend className="sr-only">Theme</legend>
      <p aria-hidden="true" className="mb-3 font-semibold">
        Theme
      </p>
      <div className="grid grid-cols-3 gap-3">
        {choices.map(({ value, label, icon: Icon }) => (
          <label
            key={value}
            className={cx(
              "flex cursor-pointer flex-col items-center gap-2 rounded-2xl border-2 px-3 py-5 font-semibold transition-colors",
              "has-focus-visible:outline-2 has-focus-visible:outline-offset-2 has-focus-visible:outline-accent",
              chosen === value ? "border-accent bg-accent-soft text-accent" : "border-line hover:bg-hover",
            )}
          >
            <input
              type="radio"
              name="theme"
              value={value}
              checked={chosen === value}
              onChange={() => setTheme(value)}
              className="sr-only"
            />
            <Icon className="size-6" strokeWidth={1.8} aria-hidden="true" />
            {label}
          </label>
        ))}
      </div>
    </fieldset>
  );
}
