export const ACTIVE_DIRECTORY = { id: 'active-directory', title: 'Active Directory' } as const;
