import { type ChangeEvent, type FormEvent, useState } from "react";
import { ApiError, messageOf } from "@/api/problem";

type Remarks<T> = { [Name in keyof T]?: string };

/**
 * A form's values with the server's remarks: beside the field that they name, otherwise above the button. `check` says what is
 * wrong before anything is sent.
 */
export function useForm<T extends Record<string, string>>(
  initial: T,
  error: unknown,
  check?: (values: T) => Remarks<T>,
) {
  const [values, setValues] = useState(initial);
  const [remarks, setRemarks] = useState<Remarks<T>>({});
  const fields = error instanceof ApiError ? error.fields : {};
  const named = Object.keys(fields).some((field) => field in values);
  return {
    values,
    setValues,
    formError: error && !named ? messageOf(error) : null,
    bind: (name: keyof T & string) => ({
      name,
      value: values[name] as string,
      error: remarks[name] ?? fields[name],
      onChange: (event: ChangeEvent<HTMLInputElement | HTMLTextAreaElement>) => {
        setValues((before) => ({ ...before, [name]: event.target.value }));
        setRemarks((before) => ({ ...before, [name]: undefined }));
      },
    }),
    submit: (send: (values: T) => void) => (event: FormEvent<HTMLFormElement>) => {
      event.preventDefault();
      const found = check?.(values) ?? {};
      setRemarks(found);
      const [first] = Object.keys(found);
      if (first === undefined) return send(values);
      const field = event.currentTarget.elements.namedItem(first);
      if (field instanceof HTMLElement) field.focus();
    },
  };
}
