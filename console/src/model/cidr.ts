// Addresses and networks as allow-lists take them.

function parseV4(text: string): boolean {
  const parts = text.split('.');
  return parts.length === 4 && parts.every((part) => /^\d{1,3}$/.test(part) && Number(part) <= 255);
}

function parseV6(text: string): boolean {
  if (!/^[0-9a-fA-F:.]+$/.test(text) || (text.match(/::/g) ?? []).length > 1 || /:::/.test(text)) return false;
  const groups = (part: string) => (part === '' ? [] : part.split(':'));
  const [head, tail] = text.split('::');
  const all = [...groups(head!), ...groups(tail ?? '')];
  let count = 0;
  for (const [index, group] of all.entries()) {
    if (index === all.length - 1 && group.includes('.')) {
      if (!parseV4(group)) return false;
      count += 2;
    } else {
      if (!/^[0-9a-fA-F]{1,4}$/.test(group)) return false;
      count++;
    }
  }
  return tail === undefined ? count === 8 : count < 8;
}

// What is wrong with `text` as an address or network; undefined when nothing is.
export function cidrError(text: string): string | undefined {
  const [address, prefix, ...rest] = text.trim().split('/');
  const v4 = parseV4(address!);
  if ((!v4 && !parseV6(address!)) || rest.length) return `${text} is no IP address; write 192.0.2.7, 10.0.0.0/8 or 2001:db8::/32`;
  if (prefix === undefined) return undefined;
  const most = v4 ? 32 : 128;
  return /^\d+$/.test(prefix) && Number(prefix) <= most ? undefined : `${text}: the prefix length goes from 0 to ${most}`;
}

// A single address as the network of itself.
export function hostNetwork(address: string): string {
  return address.includes(':') ? `${address}/128` : `${address}/32`;
}
