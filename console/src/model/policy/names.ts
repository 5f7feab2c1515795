// Names IAM takes. Source: IAM User Guide, "IAM and AWS STS quotas".

export function entityNameError(name: string, longest: number): string | undefined {
  if (name === '') return 'A name is missing.';
  if (name.length > longest) return `At most ${longest} characters.`;
  return /^[\w+=,.@-]+$/.test(name) ? undefined : 'Letters, digits and _ + = , . @ - only.';
}

export function passwordError(password: string): string | undefined {
  return password.length < 8 ? 'At least 8 characters.' : password.length > 128 ? 'At most 128 characters.' : undefined;
}

export const ROLE_ARN = /^arn:aws[a-z-]*:iam::\d{12}:role\/[\w+=,.@/-]+$/;
