/** The pattern that matches exactly these texts, whatever stands in them; RE2 and JavaScript escape alike. */
export const alternatives = (texts: readonly string[]): string =>
  texts.map((text) => text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')).join('|');
