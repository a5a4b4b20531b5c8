// Files that a person chose: what stands for them at once, while they are written down and on their way (see `uploads.ts`).

import { type ClipboardEvent, type DragEvent, useCallback, useEffect, useRef, useState } from "react";
import { useSession } from "~/app/context";
import { type Attached, filesIn } from "~/store/carried";

/** How many a comment may have. */
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

/** Files that were chosen and are not to be sent after all: none of them is kept, but for those that were there `before`. */
export function useForget(): (chosen: unknown, before?: unknown) => void {
  const { files: carrier } = useSession();
  return useCallback(
    (chosen, before) => {
      const stay = new Set(filesIn(before));
      const gone = filesIn(chosen).filter((id) => !stay.has(id));
      if (gone.length > 0) void carrier().then((uploads) => uploads.drop(gone));
    },
    [carrier],
  );
}

/** The files of something that is pasted. What has words as well is meant as words, such as cells of a spreadsheet. */
function filesOf(data: DataTransfer): File[] {
  if (data.types.includes("text/plain")) return [];
  return [...data.files];
}

/** Files that are dropped onto a place, and pictures that are pasted there. */
export function useDrop(onFiles: (files: File[]) => void) {
  const [over, setOver] = useState(false);
  // One enters what is inside before one leaves what is around it.
  const depth = useRef(0);
  const has = ({ dataTransfer }: DragEvent) => dataTransfer.types.includes("Files");
  const enters = (event: DragEvent, by: 1 | -1) => {
    if (!has(event)) return;
    depth.current += by;
    setOver(depth.current > 0);
  };
  useEffect(() => {
    // Beside a place for it the browser would open the file in place of the app.
    const stop = (event: globalThis.DragEvent) => {
      if (event.defaultPrevented || !event.dataTransfer?.types.includes("Files")) return;
      event.preventDefault();
      event.dataTransfer.dropEffect = "none";
    };
    addEventListener("dragover", stop);
    addEventListener("drop", stop);
    return () => {
      removeEventListener("dragover", stop);
      removeEventListener("drop", stop);
    };
  }, []);
  return {
    over,
    listens: {
      onDragEnter: (event: DragEvent) => enters(event, 1),
      onDragLeave: (event: DragEvent) => enters(event, -1),
      onDragOverCapture: (event: DragEvent) => {
        if (has(event)) event.preventDefault();
      },
      onDropCapture: (event: DragEvent) => {
        depth.current = 0;
        setOver(false);
        const files = [...event.dataTransfer.files];
        if (files.length === 0) return;
        // Before the editor takes it for a picture within the text.
        event.preventDefault();
        event.stopPropagation();
        onFiles(files);
      },
      onPasteCapture: (event: ClipboardEvent) => {
        const files = filesOf(event.clipboardData);
        if (files.length === 0) return;
        event.preventDefault();
        event.stopPropagation();
        onFiles(files);
      },
    },
  };
}
