/** Control characters made visible: a server's words must not steer a terminal. */
export const printable = (text: string): string =>
  text.replace(/(?![\n\t])\p{Cc}/gu, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
