// IAM and STS calls as the signed-in principal.
import { parseFault, parseResult, Xml } from '../model/xml';
import { request } from './http';
import { ServiceError } from './dynamodb';

export type Parameters = Record<string, string | number | boolean | undefined>;

export async function queryProtocol(service: 'iam' | 'sts', action: string, parameters: Parameters = {}): Promise<{ [name: string]: Xml }> {
  const sent = Object.fromEntries(
    Object.entries(parameters)
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => [name, String(value)]),
  );
  const reply = await request<{ ok: boolean; status: number; xml: string; requestId: string }>('POST', 'query-protocol', {
    service,
    action,
    parameters: sent,
  });
  if (reply.ok) return parseResult(reply.xml);
  const { code, message } = parseFault(reply.xml);
  throw new ServiceError(code, message, reply.status, reply.requestId, action);
}

// Every page of a List action, its `member` lists joined.
export async function queryAll(action: string, listName: string, parameters: Parameters = {}): Promise<Xml[]> {
  const all: Xml[] = [];
  let marker: string | undefined;
  do {
    const page = await queryProtocol('iam', action, { ...parameters, MaxItems: 1000, Marker: marker });
    const members = page[listName];
    if (Array.isArray(members)) all.push(...members);
    marker = page.IsTruncated === 'true' && typeof page.Marker === 'string' ? page.Marker : undefined;
  } while (marker);
  return all;
}

// `Tags` as the protocol numbers lists: Tags.member.1.Key=..
export function numbered(name: string, values: (string | Record<string, string>)[]): Parameters {
  const out: Parameters = {};
  values.forEach((value, index) => {
    const prefix = `${name}.member.${index + 1}`;
    if (typeof value === 'string') out[prefix] = value;
    else for (const [member, inner] of Object.entries(value)) out[`${prefix}.${member}`] = inner;
  });
  return out;
}
