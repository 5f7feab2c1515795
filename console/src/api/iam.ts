// Users, groups, roles and policies. Source: IAM API Reference.
import { records, text, Xml } from '../model/xml';
import { numbered, queryAll, queryProtocol } from './query-protocol';

export interface User {
  name: string;
  path: string;
  arn: string;
  id: string;
  created: string;
  passwordLastUsed: string;
}

export interface AccessKey {
  id: string;
  status: 'Active' | 'Inactive';
  created: string;
}

export interface NewAccessKey {
  userName: string;
  accessKeyId: string;
  secretAccessKey: string;
}

export interface Group {
  name: string;
  path: string;
  arn: string;
  created: string;
}

export interface Role {
  name: string;
  path: string;
  arn: string;
  description: string;
  trust: string;
  maxSessionSeconds: number;
  created: string;
}

export interface Policy {
  name: string;
  arn: string;
  path: string;
  description: string;
  defaultVersion: string;
  attachments: number;
  created: string;
  updated: string;
}

export interface AttachedPolicy {
  name: string;
  arn: string;
}

// Who policies are attached to; the three kinds have the same calls under different names.
export type Holder = { kind: 'User' | 'Group' | 'Role'; name: string };

type Record_ = { [name: string]: Xml };

const iam = (action: string, parameters: Parameters_ = {}) => queryProtocol('iam', action, parameters);
type Parameters_ = Record<string, string | number | boolean | undefined>;
const recordOf = (value: Xml | undefined) => (typeof value === 'object' && !Array.isArray(value) ? value : {});
const holderName = (holder: Holder) => ({ [`${holder.kind}Name`]: holder.name });
const decode = (document: Xml | undefined) => {
  const raw = text(document);
  try {
    return decodeURIComponent(raw);
  } catch {
    return raw;
  }
};

const toUser = (record: Record_): User => ({
  name: text(record.UserName),
  path: text(record.Path),
  arn: text(record.Arn),
  id: text(record.UserId),
  created: text(record.CreateDate),
  passwordLastUsed: text(record.PasswordLastUsed),
});

const toGroup = (record: Record_): Group => ({
  name: text(record.GroupName),
  path: text(record.Path),
  arn: text(record.Arn),
  created: text(record.CreateDate),
});

const toRole = (record: Record_): Role => ({
  name: text(record.RoleName),
  path: text(record.Path),
  arn: text(record.Arn),
  description: text(record.Description),
  trust: decode(record.AssumeRolePolicyDocument),
  maxSessionSeconds: Number(text(record.MaxSessionDuration) || 3600),
  created: text(record.CreateDate),
});

const toPolicy = (record: Record_): Policy => ({
  name: text(record.PolicyName),
  arn: text(record.Arn),
  path: text(record.Path),
  description: text(record.Description),
  defaultVersion: text(record.DefaultVersionId),
  attachments: Number(text(record.AttachmentCount) || 0),
  created: text(record.CreateDate),
  updated: text(record.UpdateDate),
});

// Users and what they may sign in with.
export const listUsers = async () => records(await queryAll('ListUsers', 'Users')).map(toUser);
export const getUser = async (name: string) => toUser(recordOf((await iam('GetUser', { UserName: name })).User));
export const createUser = async (name: string, path: string, tags: Record<string, string>[] = []) =>
  toUser(recordOf((await iam('CreateUser', { UserName: name, Path: path || undefined, ...numbered('Tags', tags) })).User));
export const deleteUser = (name: string) => iam('DeleteUser', { UserName: name });

export async function listAccessKeys(user: string): Promise<AccessKey[]> {
  return records(await queryAll('ListAccessKeys', 'AccessKeyMetadata', { UserName: user })).map((record) => ({
    id: text(record.AccessKeyId),
    status: text(record.Status) === 'Inactive' ? 'Inactive' : 'Active',
    created: text(record.CreateDate),
  }));
}

export async function createAccessKey(user: string): Promise<NewAccessKey> {
  const key = recordOf((await iam('CreateAccessKey', { UserName: user })).AccessKey);
  return { userName: user, accessKeyId: text(key.AccessKeyId), secretAccessKey: text(key.SecretAccessKey) };
}

export const setAccessKeyStatus = (user: string, key: string, status: AccessKey['status']) =>
  iam('UpdateAccessKey', { UserName: user, AccessKeyId: key, Status: status });
export const deleteAccessKey = (user: string, key: string) => iam('DeleteAccessKey', { UserName: user, AccessKeyId: key });

export async function accessKeyLastUsed(key: string): Promise<{ date: string; service: string; region: string }> {
  const used = recordOf((await iam('GetAccessKeyLastUsed', { AccessKeyId: key })).AccessKeyLastUsed);
  return { date: text(used.LastUsedDate), service: text(used.ServiceName), region: text(used.Region) };
}

export async function hasPassword(user: string): Promise<boolean> {
  try {
    await iam('GetLoginProfile', { UserName: user });
    return true;
  } catch (error) {
    if ((error as { type?: string }).type === 'NoSuchEntity') return false;
    throw error;
  }
}

export const setPassword = (user: string, password: string, replace: boolean) =>
  iam(replace ? 'UpdateLoginProfile' : 'CreateLoginProfile', { UserName: user, Password: password });
export const removePassword = (user: string) => iam('DeleteLoginProfile', { UserName: user });

// Groups.
export const listGroups = async () => records(await queryAll('ListGroups', 'Groups')).map(toGroup);
export const createGroup = (name: string) => iam('CreateGroup', { GroupName: name });
export const deleteGroup = (name: string) => iam('DeleteGroup', { GroupName: name });
export const groupMembers = async (name: string) => records((await iam('GetGroup', { GroupName: name })).Users).map(toUser);
export const groupsOfUser = async (user: string) =>
  records(await queryAll('ListGroupsForUser', 'Groups', { UserName: user })).map(toGroup);
export const addToGroup = (group: string, user: string) => iam('AddUserToGroup', { GroupName: group, UserName: user });
export const removeFromGroup = (group: string, user: string) => iam('RemoveUserFromGroup', { GroupName: group, UserName: user });

// Roles.
export const listRoles = async () => records(await queryAll('ListRoles', 'Roles')).map(toRole);
export const getRole = async (name: string) => toRole(recordOf((await iam('GetRole', { RoleName: name })).Role));
export const createRole = (name: string, trust: string, description: string, maxSessionSeconds: number) =>
  iam('CreateRole', {
    RoleName: name,
    AssumeRolePolicyDocument: trust,
    Description: description || undefined,
    MaxSessionDuration: maxSessionSeconds,
  });
export const updateTrust = (name: string, trust: string) => iam('UpdateAssumeRolePolicy', { RoleName: name, PolicyDocument: trust });
export const deleteRole = (name: string) => iam('DeleteRole', { RoleName: name });

// Policies, managed and inline.
export const listPolicies = async (scope: 'All' | 'AWS' | 'Local' = 'All') =>
  records(await queryAll('ListPolicies', 'Policies', { Scope: scope })).map(toPolicy);
export const getPolicy = async (arn: string) => toPolicy(recordOf((await iam('GetPolicy', { PolicyArn: arn })).Policy));
export const createPolicy = (name: string, document: string, description: string) =>
  iam('CreatePolicy', { PolicyName: name, PolicyDocument: document, Description: description || undefined });
export const deletePolicy = (arn: string) => iam('DeletePolicy', { PolicyArn: arn });

export async function policyDocument(arn: string, version: string): Promise<string> {
  return decode(recordOf((await iam('GetPolicyVersion', { PolicyArn: arn, VersionId: version })).PolicyVersion).Document);
}

export async function policyVersions(arn: string): Promise<{ id: string; isDefault: boolean; created: string }[]> {
  return records(await queryAll('ListPolicyVersions', 'Versions', { PolicyArn: arn })).map((record) => ({
    id: text(record.VersionId),
    isDefault: text(record.IsDefaultVersion) === 'true',
    created: text(record.CreateDate),
  }));
}

// Saves a new default version; the oldest one makes room when five are there.
export async function savePolicyVersion(arn: string, document: string): Promise<void> {
  const versions = await policyVersions(arn);
  if (versions.length >= 5) {
    const oldest = versions.filter((version) => !version.isDefault).sort((a, b) => Number(a.id.slice(1)) - Number(b.id.slice(1)))[0];
    if (oldest) await iam('DeletePolicyVersion', { PolicyArn: arn, VersionId: oldest.id });
  }
  await iam('CreatePolicyVersion', { PolicyArn: arn, PolicyDocument: document, SetAsDefault: true });
}

export const deletePolicyVersion = (arn: string, version: string) =>
  iam('DeletePolicyVersion', { PolicyArn: arn, VersionId: version });

export async function attachedPolicies(holder: Holder): Promise<AttachedPolicy[]> {
  const found = await queryAll(`ListAttached${holder.kind}Policies`, 'AttachedPolicies', holderName(holder));
  return records(found).map((record) => ({ name: text(record.PolicyName), arn: text(record.PolicyArn) }));
}

export const attachPolicy = (holder: Holder, arn: string) =>
  iam(`Attach${holder.kind}Policy`, { ...holderName(holder), PolicyArn: arn });
export const detachPolicy = (holder: Holder, arn: string) =>
  iam(`Detach${holder.kind}Policy`, { ...holderName(holder), PolicyArn: arn });

export const inlinePolicies = async (holder: Holder) =>
  (await queryAll(`List${holder.kind}Policies`, 'PolicyNames', holderName(holder))).map((name) => text(name));
export const getInlinePolicy = async (holder: Holder, name: string) =>
  decode((await iam(`Get${holder.kind}Policy`, { ...holderName(holder), PolicyName: name })).PolicyDocument);
export const putInlinePolicy = (holder: Holder, name: string, document: string) =>
  iam(`Put${holder.kind}Policy`, { ...holderName(holder), PolicyName: name, PolicyDocument: document });
export const deleteInlinePolicy = (holder: Holder, name: string) =>
  iam(`Delete${holder.kind}Policy`, { ...holderName(holder), PolicyName: name });

export interface Simulation {
  action: string;
  resource: string;
  decision: 'allowed' | 'explicitDeny' | 'implicitDeny';
  matched: { policy: string; type: string }[];
  missingContext: string[];
}

export async function simulate(
  principal: string,
  actions: string[],
  resources: string[],
  context: { key: string; type: string; values: string[] }[],
): Promise<Simulation[]> {
  const entries = context.reduce((out, entry, index) => {
    const prefix = `ContextEntries.member.${index + 1}`;
    return {
      ...out,
      [`${prefix}.ContextKeyName`]: entry.key,
      [`${prefix}.ContextKeyType`]: entry.type,
      ...numbered(`${prefix}.ContextKeyValues`, entry.values),
    };
  }, {});
  const result = await iam('SimulatePrincipalPolicy', {
    PolicySourceArn: principal,
    ...numbered('ActionNames', actions),
    ...numbered('ResourceArns', resources),
    ...entries,
  });
  return records(result.EvaluationResults).map((record) => ({
    action: text(record.EvalActionName),
    resource: text(record.EvalResourceName),
    decision: text(record.EvalDecision) as Simulation['decision'],
    matched: records(record.MatchedStatements).map((one) => ({ policy: text(one.SourcePolicyId), type: text(one.SourcePolicyType) })),
    missingContext: (Array.isArray(record.MissingContextValues) ? record.MissingContextValues : []).map((one) => text(one)),
  }));
}

// Everything that holds on to a user or role has to go first, in IAM's order.
export async function deleteUserWithBelongings(name: string): Promise<void> {
  const holder: Holder = { kind: 'User', name };
  for (const key of await listAccessKeys(name)) await deleteAccessKey(name, key.id);
  if (await hasPassword(name)) await removePassword(name);
  for (const group of await groupsOfUser(name)) await removeFromGroup(group.name, name);
  await dropPolicies(holder);
  await deleteUser(name);
}

export async function deleteRoleWithPolicies(name: string): Promise<void> {
  await dropPolicies({ kind: 'Role', name });
  await deleteRole(name);
}

export async function deleteGroupWithMembers(name: string): Promise<void> {
  for (const user of await groupMembers(name)) await removeFromGroup(name, user.name);
  await dropPolicies({ kind: 'Group', name });
  await deleteGroup(name);
}

async function dropPolicies(holder: Holder): Promise<void> {
  for (const policy of await attachedPolicies(holder)) await detachPolicy(holder, policy.arn);
  for (const policy of await inlinePolicies(holder)) await deleteInlinePolicy(holder, policy);
}
