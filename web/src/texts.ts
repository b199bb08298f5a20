// SPDX-License-Identifier: Apache-2.0

// Every English text of the pages. Sentence case, present tense, "you", digits; buttons are a verb and an object; no
// exclamation marks, no blame.

/** "1 token", "2 tokens". */
export function count(number: number, one: string, many: string): string {
  return `${number.toLocaleString()} ${number === 1 ? one : many}`;
}

export const texts = {
  product: "Latchkey",

  common: {
    cancel: "Cancel",
    close: "Close",
    tryNow: "Try now",
    copy: "Copy",
    copied: "Copied",
    copyBlocked: "The browser blocked copying. Select the text and press Ctrl+C.",
    loading: "Loading",
    save: "Save",
    more: "More",
    unknown: "unknown",
  },

  errors: {
    silent: (seconds: number) => `The server did not answer within ${seconds} seconds.`,
    unreachable: "The server cannot be reached.",
    unexpected: "Something in this page went wrong.",
    status: (status: number) => `The server answered with status ${status}.`,
    outOfDate: "This may be out of date.",
    notLoaded: "This could not be loaded.",
    again: (seconds: number) => `Trying again in ${count(seconds, "second", "seconds")}.`,
    trying: "Trying again now.",
    reference: (reference: string) => `Reference ${reference}.`,
    pageBroke: "This page stopped working",
    pageBrokeWhy: "What you did before is safe on the server. Load the page again to go on.",
    pageMoved: "The portal was updated, and this part of the page is no longer there.",
    reload: "Load the page again",
    notFound: "There is no such page",
    notFoundWhy: "The address may be misspelt, or what was here is gone, or you may not see it.",
    home: "Go to your tokens",
    noOrganization: "You are not a member of any organization",
    noOrganizationWhy: "Ask an administrator of this server to add you to one.",
  },

  shell: {
    skip: "Skip to the content",
    openNavigation: "Open navigation",
    navigation: "Navigation",
    breadcrumb: "Breadcrumb",
    organization: (name: string) => `Organization ${name}. Choose another`,
    userSettings: "User settings",
    organizationSettings: "Organization settings",
    account: (name: string) => `Account of ${name}`,
    signOut: "Sign out",
    keys: "Keyboard shortcuts",
    security: "Security",
    tokens: "Personal access tokens",
    sessions: "Sign-in and sessions",
    preferences: "Preferences",
    notifications: "Notifications",
    appearance: "Appearance and time",
    work: "Work",
    projects: "Projects and repositories",
    repositories: "Repositories",
    people: "People",
    members: "Members",
    server: "Server",
    users: "Users",
    organizations: "Organizations",
  },

  confirm: {
    title: "Confirm it’s you",
    tooOld: "This needs a sign-in of the last hour. What you typed is kept.",
    signedOut: "You were signed out. Sign in here; what you typed is kept.",
    as: (email: string) => `Signed in as ${email}`,
    confirm: "Confirm",
  },

  signIn: {
    title: "Sign in",
    heading: "Sign in to Latchkey",
    email: "Email",
    password: "Password",
    show: "Show password",
    hide: "Hide password",
    signIn: "Sign in",
    wrong: "The email or the password is not right.",
    forgot: "Forgot your password? An administrator can send you a link for a new one.",
    forGit: "For Git and scripts, use a personal access token.",
    emailMissing: "Enter your email address.",
    passwordMissing: "Enter your password.",
    first: "Choose your own password",
    firstWhy: "Somebody else made the password that you signed in with. Choose one that only you know.",
    newPassword: "New password",
    newHint: "At least 12 characters. A sentence is easy to keep.",
    newShort: "Use at least 12 characters.",
    newSame: "Choose another password than the one you have.",
    goOn: "Save and sign in",
  },

  keys: {
    title: "Keyboard shortcuts",
    search: "Search in the list",
    newToken: "New token",
    help: "Show these keys",
    escape: "Close what is on top",
    select: "Select a row; with Shift, all rows between",
    off: "You can switch single keys off under Appearance and time.",
  },
} as const;
