import {
  type InputHTMLAttributes,
  type ReactNode,
  type SelectHTMLAttributes,
  type TextareaHTMLAttributes,
  useId,
} from "react";
import { cx } from "@/lib/cx";

interface FieldProps {
  label: string;
  hint?: string | undefined;
  error?: string | undefined;
}

const control =
  "w-full rounded-xl border bg-bg px-3.5 py-2.5 text-base transition-colors placeholder:text-muted " +
  "focus:border-accent focus:outline-2 focus:-outline-offset-1 focus:outline-accent";

function describedBy(id: string, { hint, error }: FieldProps): string | undefined {
  return error ? `${id}-error` : hint ? `${id}-hint` : undefined;
}

function FieldFrame({ id, label, hint, error, children }: FieldProps & { id: string; children: ReactNode }) {
  return (
    <div>
      <label htmlFor={id} className="mb-1.5 block text-sm font-semibold">
        {label}
      </label>
      {children}
      {error ? (
        <p id={`${id}-error`} className="mt-1.5 text-sm text-danger">
          {error}
        </p>
      ) : (
        hint && (
          <p id={`${id}-hint`} className="mt-1.5 text-sm text-muted">
            {hint}
          </p>
        )
      )}
    </div>
  );
}

export function TextField({
  label,
  hint,
  error,
  ...input
}: FieldProps & InputHTMLAttributes<HTMLInputElement>) {
  const id = useId();
  const frame = { label, hint, error };
  return (
    <FieldFrame id={id} {...frame}>
      <input
        {...input}
        id={id}
        aria-invalid={error ? true : undefined}
        aria-describedby={describedBy(id, frame)}
        className={cx(control, error ? "border-danger" : "border-line-strong")}
      />
    </FieldFrame>
  );
}

export function TextAreaField(props: FieldProps & TextareaHTMLAttributes<HTMLTextAreaElement>) {
  const { label, hint, error, ...input } = props;
  const id = useId();
  const frame = { label, hint, error };
  return (
    <FieldFrame id={id} {...frame}>
      <textarea
        rows={3}
        {...input}
        id={id}
        aria-invalid={error ? true : undefined}
        aria-describedby={describedBy(id, frame)}
        className={cx(control, "resize-none", error ? "border-danger" : "border-line-strong")}
      />
    </FieldFrame>
  );
}

interface SelectFieldProps extends FieldProps, SelectHTMLAttributes<HTMLSelectElement> {
  /** Values and what people read. */
  options: readonly (readonly [value: string, label: string])[];
}

export function SelectField({ label, hint, error, options, ...select }: SelectFieldProps) {
  const id = useId();
  const frame = { label, hint, error };
  return (
    <FieldFrame id={id} {...frame}>
      <select
        {...select}
        id={id}
        aria-invalid={error ? true : undefined}
        aria-describedby={describedBy(id, frame)}
        className={cx(control, "h-11.5", error ? "border-danger" : "border-line-strong")}
      >
        {options.map(([value, text]) => (
          <option key={value} value={value}>
            {text}
          </option>
        ))}
      </select>
    </FieldFrame>
  );
}

/** What the server refused as a whole, above the form's button. */
export function FormError({ children }: { children: ReactNode }) {
  return (
    <p role="alert" className="rounded-xl bg-danger-soft px-3.5 py-2.5 text-sm font-medium text-danger">
      {children}
    </p>
  );
}
