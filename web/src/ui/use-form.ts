import { type ChangeEvent, type FormEvent, useState } from "react";
import { ApiError, messageOf } from "@/api/problem";

/** A form's values with the server's remarks: beside the field that they name, otherwise above the button. */
export function useForm<T extends Record<string, string>>(initial: T, error: unknown) {
  const [values, setValues] = useState(initial);
  const fields = error instanceof ApiError ? error.fields : {};
  const named = Object.keys(fields).some((field) => field in values);
  return {
    values,
    setValues,
    formError: error && !named ? messageOf(error) : null,
    bind: (name: keyof T & string) => ({
      name,
      value: values[name] as string,
      error: fields[name],
      onChange: (event: ChangeEvent<HTMLInputElement | HTMLTextAreaElement>) =>
        setValues((before) => ({ ...before, [name]: event.target.value })),
    }),
    submit: (send: (values: T) => void) => (event: FormEvent) => {
      event.preventDefault();
      send(values);
    },
  };
}
