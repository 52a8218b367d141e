export const GROUP_POLICY = { id: 'group-policy', title: 'Group Policy' } as const;
