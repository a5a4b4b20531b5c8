// How it stands with files that are on their way, for whoever shows them.

import { useEffect, useState, useSyncExternalStore } from "react";
import { useSession } from "~/app/context";
import type { FileState, Uploads } from "./uploads";

const never = () => () => undefined;

/** Nothing while it is loaded. */
export function useUploads(): Uploads | undefined {
  const { files } = useSession();
  const [uploads, setUploads] = useState<Uploads>();
  useEffect(() => {
    let gone = false;
    files().then(
      (loaded) => !gone && setUploads(loaded),
      () => undefined,
    );
    return () => {
      gone = true;
    };
  }, [files]);
  return uploads;
}

export function useFileState(
  uploads: Uploads | undefined,
  id: string | undefined,
): { state: FileState | undefined; unkept: boolean } {
  const subscribe = uploads?.subscribe ?? never;
  const state = useSyncExternalStore(subscribe, () => (id ? uploads?.stateOf(id) : undefined));
  const unkept = useSyncExternalStore(subscribe, () => (id ? (uploads?.isUnkept(id) ?? false) : false));
  return { state, unkept };
}

/** Where a picture is drawn from that this browser keeps; nothing until it is there, or where it is not. */
export function useBlobAddress(uploads: Uploads | undefined, id: string | undefined): string | undefined {
  const [address, setAddress] = useState<string>();
  useEffect(() => {
    if (!uploads || !id) return;
    let made: string | undefined;
    let gone = false;
    void uploads.blob(id).then((blob) => {
      if (!blob || gone) return;
      made = URL.createObjectURL(blob);
      setAddress(made);
    });
    return () => {
      gone = true;
      setAddress(undefined);
      if (made) URL.revokeObjectURL(made);
    };
  }, [uploads, id]);
  return address;
}
