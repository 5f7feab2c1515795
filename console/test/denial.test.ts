import { expect, it } from 'vitest';
import { parseDenial, policyHolder } from '../src/model/policy/denial';

it('reads a denial, and not what stands below it', () => {
  const message =
    'User: arn:aws:iam::000000000000:user/ann is not authorized to perform: dynamodb:PutItem on resource: arn:aws:dynamodb:us-east-1:000000000000:table/t because no identity-based policy allows the dynamodb:PutItem action\nRequest ABC123';
  expect(parseDenial(message)).toEqual({
    principal: 'arn:aws:iam::000000000000:user/ann',
    action: 'dynamodb:PutItem',
    resource: 'arn:aws:dynamodb:us-east-1:000000000000:table/t',
    reason: 'because no identity-based policy allows the dynamodb:PutItem action',
  });
  expect(parseDenial('something else')).toBeUndefined();
});

it('takes the role of a session for the one whose policies decide', () => {
  expect(policyHolder('arn:aws:sts::000000000000:assumed-role/auditor/ann')).toBe('arn:aws:iam::000000000000:role/auditor');
});
