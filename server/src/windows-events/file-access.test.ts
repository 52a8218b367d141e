import assert from 'node:assert/strict';
import { it } from 'node:test';
import { fileAccessOfList, fileAccessWords, refusedFileAccess } from './index.ts';

it('names the rights of a mask', () => {
  const check = (mask: number, expected: string): void =>
    assert.equal(fileAccessWords(mask), expected);
  check(0, '');
  check(0x1, 'ReadData (or ListDirectory)');
  check(0x10080, 'ReadAttributes, DELETE');
  check(0x1000000, 'ACCESS_SYS_SEC');
  check(0x80000000, '0x80000000');
  check(0x201, 'ReadData (or ListDirectory), 0x200');
});

it('reads a list of rights as a mask', () => {
  assert.equal(fileAccessOfList('%%1537\r\n\t\t\t\t%%4423\r\n\t\t\t\t'), 0x10080);
  assert.equal(fileAccessOfList('%%4416'), 0x1);
  assert.equal(fileAccessOfList('%%9999 -'), 0);
});

it('reads which rights were refused', () => {
  const check = (reason: string, expected: number): void =>
    assert.equal(refusedFileAccess(reason), expected);
  check('-', 0);
  check('%%4416:\t%%1801\tD:(A;;0x1200a9;;;BA)\r\n\t\t\t\t%%4417:\t%%1805', 0x2);
  check('%%1537: %%1802 D:(D;;SD;;;WD) %%4423: %%1811 D:(A;;0x1301bf;;;BA)', 0x10000);
  check('%%4418:\t%%1812\tD:(D;OICI;FA;;;WD)', 0x4);
});
