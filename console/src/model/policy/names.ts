// Names IAM takes. Source: IAM User Guide, "IAM and AWS STS quotas".

export function entityNameError(name: string, longest: number): string | undefined {
  if (name === '') return 'A name is missing.';
  if (name.length > longest) return `At most ${longest} characters.`;
  return /^[\w+=,.@-]+$/.test(name) ? undefined : 'Letters, digits and _ + = , . @ - only.';
}

// Source: IAM User Guide, "Set an account password policy for IAM users", the default policy.
export function passwordError(password: string): string | undefined {
  if (password.length < 8) return 'At least 8 characters.';
  if (password.length > 128) return 'At most 128 characters.';
  const kinds = [/[a-z]/, /[A-Z]/, /[0-9]/, /[!@#$%^&*()_+\-=[\]{}|']/].filter((kind) => kind.test(password)).length;
  return kinds < 3 ? 'At least three of: small letters, capital letters, digits, symbols.' : undefined;
}

export const ROLE_ARN = /^arn:aws[a-z-]*:iam::\d{12}:role\/[\w+=,.@/-]+$/;
