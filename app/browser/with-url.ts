/**
 * Uses a URL of a file.
 * @returns undefined if that fails.
 */
export async function withUrl<Result>(file: Blob, use: (url: string) => Promise<Result>): Promise<Result | undefined> {
  const url = URL.createObjectURL(file);
  try {
    return await use(url);
  } catch {
    return undefined;
  } finally {
    URL.revokeObjectURL(url);
  }
}
