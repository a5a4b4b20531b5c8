// Somebody signed out where the server was not reached: their session is ended before anything else is asked with it. Told before the
// rest of the app is there.

/** Kept in a browser that has still to tell the server. */
const LEAVING = "nashi:leaving";

export function signsOut(): boolean {
  try {
    return localStorage.getItem(LEAVING) !== null;
  } catch {
    return false;
  }
}

/** Where a browser keeps nothing, whoever left without a network stays. */
export function keepSigningOut(on: boolean): void {
  try {
    if (on) localStorage.setItem(LEAVING, "yes");
    else localStorage.removeItem(LEAVING);
  } catch {
    // Nothing is kept here.
  }
}
