// `{{name}}` in saved queries. The server binds values to parameters; here they are only found.

const PATTERN = /\{\{\s*(\$?[A-Za-z_][\w.]*)\s*\}\}/g;

// Names in order of first use; built-in ones (`$now`) are left out, nobody has to fill them in.
export function findVariables(text: string): string[] {
  const names = new Set<string>();
  for (const match of text.matchAll(PATTERN)) {
    if (!match[1]!.startsWith('$')) names.add(match[1]!);
  }
  return [...names];
}

export function variableNameError(name: string): string | undefined {
  return /^[A-Za-z_]\w*$/.test(name) ? undefined : 'A name starts with a letter or _ and goes on with letters, digits and _.';
}

// What was typed, or the default, of each variable that has either.
export function filledValues(variables: { name: string; default?: string }[], values: Record<string, string>): Record<string, string> {
  return Object.fromEntries(variables.map((one) => [one.name, values[one.name] ?? one.default ?? '']).filter(([, value]) => value !== ''));
}
