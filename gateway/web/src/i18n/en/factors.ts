// A second factor, and proving oneself again.
export const factors = {
  prove: "Is it you?",
  proveHint: "What you are about to do could lock you out or let others in. Please prove that it is you.",
  proveSecondHint: "This needs your second factor, which this session has not shown.",
  proveSubmit: "Go on",
  none: "There is nothing here by which you could prove it. Sign in again.",
  code: "Code from your app",
  codeHint: "Six digits, from your authenticator app.",
  recoveryCode: "Recovery code",
  recoveryCodeHint: "One of those that you put away. Each is good once.",
  use: {
    password: "Use the password",
    totp: "Use a code",
    passkey: "Use a passkey",
    recovery_code: "Use a recovery code",
  },
  wrong: {
    password: "The e-mail address or the password is wrong.",
    totp: "This code is wrong or too old. Try the next one that your app shows; if it never works, check the clock of your phone.",
    passkey: "This passkey is not known here.",
    recovery_code: "This code is wrong, or was used before.",
  },
  passkeyRefused:
    "This browser has no passkey for this address, or cannot use passkeys here. Choose another way.",
  passkeyClosed: "No passkey was made. Nothing has changed.",
  passkeysUnknown: "This browser cannot use passkeys.",

  demanded: "A second step, to be safe",
  demandedHint:
    "Your organisation asks everybody for a second factor besides the password. It takes a minute.",
  otherWay: "Choose another way",
  totp: "Authenticator app",
  totpAbout: "An app on your phone shows a new code every half minute.",
  totpScan: "Scan this with an authenticator app, such as Aegis, 2FAS, or Google Authenticator.",
  totpQr: "QR code for the authenticator app",
  totpType: "Or type this into it:",
  totpSecret: "Secret for the authenticator app",
  totpFirst: "The code that it shows now",
  totpUse: "Use the app",
  passkey: "Passkey",
  passkeyAbout:
    "Your fingerprint, your face or the device's own lock. Cannot be guessed or stolen with a letter.",
  passkeyHint: "The browser will ask for your fingerprint, your face or the lock of a device.",
  passkeyName: "Name",
  passkeyNameHint: "By which you know it again, such as the device it is on.",
  passkeyMake: "Make a passkey",
  codes: "Recovery codes",
  codesHint:
    "For the day on which your phone or key is gone: each of these lets you in once. Keep them where you keep your passwords. They are not shown again.",
  codesKept: "I have put them away",
  download: "Save as a file",
  print: "Print",
};
