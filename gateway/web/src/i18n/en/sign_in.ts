export const signIn = {
  title: "Sign in",
  again: "Sign in again",
  againHint: "Your session has ended. Nothing that you typed is lost.",
  other: "Somebody else signed in",
  otherHint: (name: string) =>
    `Another person has signed in with this browser. Sign in as ${name} to go on here, or reload to go on as them.`,
  login: "E-mail",
  password: "Password",
  submit: "Sign in",
  passkey: "Use a passkey",
  forgot: "Forgot the password?",
  choose: "Who are you here?",
  reload: "Reload",
};
