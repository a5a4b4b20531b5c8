// Files that a person chose: what stands for them at once, while they are written down and on their way (see `uploads.ts`).

import { useCallback } from "react";
import { useSession } from "~/app/context";
import type { Attached } from "~/store/carried";

/** How many a comment or a field may have. */
export const FILES_MAX = 100;

export function useAttach(): (files: Iterable<File>) => Attached[] {
  const { files: carrier } = useSession();
  return useCallback(
    (files) =>
      [...files].map((file) => {
        const id = crypto.randomUUID();
        const attached: Attached = {
          kept_file: id,
          name: file.name,
          size: file.size,
          ...(file.type && { media_type: file.type }),
        };
        // Whoever sends it waits for the same promise, and finds it there.
        void carrier().then((uploads) => uploads.add(id, file, attached));
        return attached;
      }),
    [carrier],
  );
}

/** The files of something that is dropped or pasted. What has words as well is meant as words, such as cells of a spreadsheet. */
export function filesOf(data: DataTransfer | null): File[] {
  if (!data || data.types.includes("text/plain")) return [];
  return [...data.files];
}
