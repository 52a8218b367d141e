import assert from 'node:assert/strict';
import { it } from 'node:test';
import { shareFlagChanges, userLimitWords } from './index.ts';

it('says which settings of a share changed', () => {
  const check = (
    before: string,
    after: string,
    expected: ReturnType<typeof shareFlagChanges>,
  ): void => assert.deepEqual(shareFlagChanges(before, after), expected);
  check('0x0', '0x0', []);
  check('0x0', '0x800', [{ property: 'Access-based enumeration', before: 'No', after: 'Yes' }]);
  check('0x8000', '0x0', [{ property: 'Encrypt data access', before: 'Yes', after: 'No' }]);
  check('0x10', '0x30', [
    { property: 'Caching', before: 'All files that users open', after: 'Nothing' },
  ]);
  check('0x0', '0x40000', [{ property: 'Share flags', before: '0x0', after: '0x40000' }]);
  check('x', 'x', []);
  check('x', 'y', [{ property: 'Share flags', before: 'x', after: 'y' }]);
});

it('says how many may use a share', () => {
  assert.equal(userLimitWords('0xffffffff'), 'Unlimited');
  assert.equal(userLimitWords('4294967295'), 'Unlimited');
  assert.equal(userLimitWords('0x14'), '20');
  assert.equal(userLimitWords('-'), '-');
});
