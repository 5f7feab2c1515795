// Answers of the Query protocol (IAM, STS) as values. An element with <member> children is a list,
// one with other children an object, and the rest text.
// Source: IAM API Reference, "Making query requests".

export type Xml = string | Xml[] | { [name: string]: Xml };

export function xmlValue(element: Element): Xml {
  const children = [...element.children];
  if (children.length === 0) return element.textContent ?? '';
  if (children.every((child) => child.localName === 'member')) return children.map(xmlValue);
  if (children.every((child) => child.localName === 'entry')) {
    return Object.fromEntries(children.map((entry) => [childText(entry, 'key'), xmlValue(child(entry, 'value')!)]));
  }
  return Object.fromEntries(children.map((one) => [one.localName, xmlValue(one)]));
}

const child = (element: Element, name: string) => [...element.children].find((one) => one.localName === name);
const childText = (element: Element, name: string) => child(element, name)?.textContent ?? '';

// The <ActionResult> of an answer; an empty object for operations that answer nothing.
export function parseResult(text: string): { [name: string]: Xml } {
  const root = parse(text);
  const result = [...root.children].find((one) => one.localName.endsWith('Result'));
  const value = result ? xmlValue(result) : {};
  return typeof value === 'object' && !Array.isArray(value) ? value : {};
}

export function parseFault(text: string): { code: string; message: string } {
  const error = child(parse(text), 'Error');
  return error
    ? { code: childText(error, 'Code'), message: childText(error, 'Message') }
    : { code: 'UnknownError', message: text.slice(0, 300) };
}

function parse(text: string): Element {
  const document = new DOMParser().parseFromString(text, 'text/xml');
  const root = document.documentElement;
  if (root.localName === 'parsererror' || document.getElementsByTagName('parsererror').length) {
    throw new Error('The answer is no XML.');
  }
  return root;
}

// An empty list is an empty element, so it arrives as text.
export function list(value: Xml | undefined): Xml[] {
  return Array.isArray(value) ? value : [];
}

export function records(value: Xml | undefined): { [name: string]: Xml }[] {
  return list(value).filter((one): one is { [name: string]: Xml } => typeof one === 'object' && !Array.isArray(one));
}

export function text(value: Xml | undefined): string {
  return typeof value === 'string' ? value : '';
}
