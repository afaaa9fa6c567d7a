/** A number as programs write it: no thousands, no decimal comma, no hexadecimal. */
export const decimal = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/;
