/** Subcategories by event: Microsoft, "Advanced security audit policy settings". */
import type { WindowsSetup } from '../windows-setup.ts';
import { EVERYONE_LINE, LARGE_SECURITY_LOG, LOGON_POLICY } from '../windows-setup-parts.ts';

export const FILE_SERVER_SETUP: WindowsSetup = {
  computers: 'File servers, every node of a cluster',
  auditPolicy: [
    {
      subcategory: 'File System',
      outcomes: 'success and failure',
      reason:
        '4656, 4659, 4660, 4663, 4664, 4670, 4985: what was done with files and folders, and what was refused',
    },
    {
      subcategory: 'Handle Manipulation',
      outcomes: 'success',
      reason: '4656, 4658: the beginning and end of each use, by which renames and moves are told',
    },
    {
      subcategory: 'File Share',
      outcomes: 'success and failure',
      reason: '5140, 5142-5144: shares used, added, changed, removed',
    },
    {
      subcategory: 'Detailed File Share',
      outcomes: 'failure',
      reason:
        '5145: refused on the share. Success as well where its volume is bearable: one event for every file opened',
    },
    {
      subcategory: 'Audit Policy Change',
      outcomes: 'success',
      reason: '4907: audit entries of files changed',
    },
    {
      subcategory: 'Authorization Policy Change',
      outcomes: 'success',
      reason: '4670: permissions changed, before and after',
    },
    LOGON_POLICY,
  ],
  logs: [LARGE_SECURITY_LOG],
  auditEntries: [
    {
      objects:
        'Folders that are audited (put their paths in the first line; not whole system disks)',
      script: [
        "$paths = 'D:\\Data', 'E:\\Shares'",
        EVERYONE_LINE,
        "$changes = 'CreateFiles, AppendData, WriteAttributes, WriteExtendedAttributes, Delete, DeleteSubdirectoriesAndFiles, ChangePermissions, TakeOwnership'",
        '$rules = @(',
        '  # changes, successful and refused, of this folder, subfolders and files',
        "  [System.Security.AccessControl.FileSystemAuditRule]::new($everyone, $changes, 'ContainerInherit, ObjectInherit', 'None', 'Success, Failure')",
        '  # reads of files: most of the events; leave it out where only changes matter',
        "  [System.Security.AccessControl.FileSystemAuditRule]::new($everyone, 'ReadData', 'ObjectInherit', 'InheritOnly', 'Success')",
        '  # refused reads of files and folders',
        "  [System.Security.AccessControl.FileSystemAuditRule]::new($everyone, 'ReadData', 'ContainerInherit, ObjectInherit', 'None', 'Failure')",
        ')',
        'foreach ($path in $paths) {',
        '  $acl = Get-Acl -LiteralPath $path -Audit',
        '  foreach ($rule in $rules) { $acl.AddAuditRule($rule) }',
        '  Set-Acl -LiteralPath $path -AclObject $acl',
        '}',
      ],
      reason: 'Files are audited only where an audit entry says so; icacls cannot set them',
    },
  ],
};
