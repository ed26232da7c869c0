/** S3's response to a form. */
export interface FormAnswer {
  readonly status: number;
  /** The `Code` of an error. */
  readonly code: string | undefined;
  /** The `Message` of an error. */
  readonly message: string | undefined;
  readonly headers: Headers;
}

/** Changed fields. An undefined one is omitted. */
export type FieldChanges = Readonly<Record<string, string | undefined>>;

/** Posts a form to S3 as a browser does: first the fields, then the file. */
export async function postForm(
  { url, fields }: { readonly url: string; readonly fields: Readonly<Record<string, string>> },
  file: Uint8Array,
  changes: FieldChanges = {},
): Promise<FormAnswer> {
  const form = new FormData();
  for (const [name, value] of Object.entries({ ...fields, ...changes })) {
    if (value !== undefined) form.append(name, value);
  }
  form.append('file', new Blob([file]), 'photo.jpg');
  const answer = await fetch(url, { method: 'POST', body: form });
  const text = await answer.text();
  const elementOf = (name: string): string | undefined =>
    new RegExp(`<${name}>(.*?)</${name}>`, 's').exec(text)?.[1]?.replaceAll('&quot;', '"');
  return { status: answer.status, code: elementOf('Code'), message: elementOf('Message'), headers: answer.headers };
}
