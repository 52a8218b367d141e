rem System: Security State Change
rem   Windows Server: 4616: system time changed, by whom
auditpol /set /subcategory:"{0CCE9210-69AE-11D9-BED3-505054503030}" /success:enable
rem System: Security System Extension
rem   Windows Server: 4697: services installed, by whom
auditpol /set /subcategory:"{0CCE9211-69AE-11D9-BED3-505054503030}" /success:enable
rem Logon/Logoff: Logon
rem   Active Directory: 4624: the computer somebody worked at, by the logon id of the change
rem   Group Policy: 4624: the computer somebody worked at, by the logon id of the change
rem   Logon Activity: 4624, 4625, 4648: logons at this computer and over the network
rem   File Servers: 4624: the computer somebody worked at, by the logon id of the change
rem   Windows Server: 4624: the computer somebody worked at, by the logon id of the change
auditpol /set /subcategory:"{0CCE9215-69AE-11D9-BED3-505054503030}" /success:enable /failure:enable
rem Logon/Logoff: Logoff
rem   Logon Activity: 4634, 4647: the end of a session
auditpol /set /subcategory:"{0CCE9216-69AE-11D9-BED3-505054503030}" /success:enable
rem Logon/Logoff: Account Lockout
rem   Logon Activity: 4625 of an account that is locked out
auditpol /set /subcategory:"{0CCE9217-69AE-11D9-BED3-505054503030}" /failure:enable
rem Logon/Logoff: Other Logon/Logoff Events
rem   Logon Activity: 4778, 4779, 4800-4803, 4825: remote desktop, locked and unlocked screens
auditpol /set /subcategory:"{0CCE921C-69AE-11D9-BED3-505054503030}" /success:enable /failure:enable
rem Object Access: File System
rem   File Servers: 4656, 4659, 4660, 4663, 4664, 4670, 4985: what was done with files and folders, and what was refused
auditpol /set /subcategory:"{0CCE921D-69AE-11D9-BED3-505054503030}" /success:enable /failure:enable
rem Object Access: Registry
rem   Windows Server: 4657: registry values, before and after
auditpol /set /subcategory:"{0CCE921E-69AE-11D9-BED3-505054503030}" /success:enable
rem Object Access: Application Generated
rem   AD FS: AD FS writes its audits as an application
rem   SQL Server: 33205 of an audit TO SECURITY_LOG; not needed for one TO APPLICATION_LOG
auditpol /set /subcategory:"{0CCE9222-69AE-11D9-BED3-505054503030}" /success:enable /failure:enable
rem Object Access: Handle Manipulation
rem   File Servers: 4656, 4658: the beginning and end of each use, by which renames and moves are told
auditpol /set /subcategory:"{0CCE9223-69AE-11D9-BED3-505054503030}" /success:enable
rem Object Access: File Share
rem   File Servers: 5140, 5142-5144: shares used, added, changed, removed
auditpol /set /subcategory:"{0CCE9224-69AE-11D9-BED3-505054503030}" /success:enable /failure:enable
rem Object Access: Other Object Access Events
rem   Windows Server: 4698-4702: scheduled tasks
auditpol /set /subcategory:"{0CCE9227-69AE-11D9-BED3-505054503030}" /success:enable
rem Policy Change: Audit Policy Change
rem   File Servers: 4907: audit entries of files changed
rem   Windows Server: 4719: what is audited changed
auditpol /set /subcategory:"{0CCE922F-69AE-11D9-BED3-505054503030}" /success:enable
rem Policy Change: Authentication Policy Change
rem   Active Directory: 4706, 4707, 4713, 4716, 4739, 4865-4867: trusts, Kerberos and domain policy
rem   Windows Server: 4717, 4718: rights to log on given and taken
auditpol /set /subcategory:"{0CCE9230-69AE-11D9-BED3-505054503030}" /success:enable
rem Policy Change: Authorization Policy Change
rem   File Servers: 4670: permissions changed, before and after
rem   Windows Server: 4704, 4705: user rights given and taken
auditpol /set /subcategory:"{0CCE9231-69AE-11D9-BED3-505054503030}" /success:enable
rem Policy Change: MPSSVC Rule-Level Policy Change
rem   Windows Server: 4946-4950: firewall rules and settings
auditpol /set /subcategory:"{0CCE9232-69AE-11D9-BED3-505054503030}" /success:enable
rem Account Management: User Account Management
rem   Active Directory: 4720-4726, 4738, 4740, 4765-4767, 4780, 4781, 4794: users, passwords, lockouts
rem   Windows Server: 4720-4726, 4738, 4740, 4767, 4781: local users
auditpol /set /subcategory:"{0CCE9235-69AE-11D9-BED3-505054503030}" /success:enable /failure:enable
rem Account Management: Computer Account Management
rem   Active Directory: 4741-4743: computer accounts
auditpol /set /subcategory:"{0CCE9236-69AE-11D9-BED3-505054503030}" /success:enable /failure:enable
rem Account Management: Security Group Management
rem   Active Directory: 4727-4737, 4754-4758, 4764: security groups and their members
rem   Windows Server: 4728, 4729, 4731-4735: local groups and their members
auditpol /set /subcategory:"{0CCE9237-69AE-11D9-BED3-505054503030}" /success:enable /failure:enable
rem Account Management: Distribution Group Management
rem   Active Directory: 4744-4753, 4759-4763: distribution groups and their members
auditpol /set /subcategory:"{0CCE9238-69AE-11D9-BED3-505054503030}" /success:enable /failure:enable
rem DS Access: Directory Service Access
rem   Active Directory: 4662: use of rights on objects, DCSync among them
auditpol /set /subcategory:"{0CCE923B-69AE-11D9-BED3-505054503030}" /success:enable /failure:enable
rem DS Access: Directory Service Changes
rem   Active Directory: 5136-5139, 5141: every attribute of every object, before and after
rem   Group Policy: 5136-5139, 5141: policies and their links are objects and attributes of the directory
auditpol /set /subcategory:"{0CCE923C-69AE-11D9-BED3-505054503030}" /success:enable
rem DS Access: Detailed Directory Service Replication
rem   Active Directory: 4928-4931, 4935-4937: replication partners, failures, lingering objects
auditpol /set /subcategory:"{0CCE923E-69AE-11D9-BED3-505054503030}" /success:enable /failure:enable
rem Account Logon: Credential Validation
rem   Logon Activity: 4776, 4777: passwords checked by NTLM
auditpol /set /subcategory:"{0CCE923F-69AE-11D9-BED3-505054503030}" /success:enable /failure:enable
rem Account Logon: Kerberos Service Ticket Operations
rem   Logon Activity: 4769, 4770, 4773: which computer or service was reached
auditpol /set /subcategory:"{0CCE9240-69AE-11D9-BED3-505054503030}" /success:enable /failure:enable
rem Account Logon: Kerberos Authentication Service
rem   Logon Activity: 4768, 4771, 4772: logons anywhere in the domain, and why they failed
auditpol /set /subcategory:"{0CCE9242-69AE-11D9-BED3-505054503030}" /success:enable /failure:enable
rem Logon/Logoff: Network Policy Server
rem   Logon Activity: 6272-6280: Wi-Fi, VPN and switches by RADIUS, where the computer is a Network Policy Server
auditpol /set /subcategory:"{0CCE9243-69AE-11D9-BED3-505054503030}" /success:enable /failure:enable
rem Object Access: Detailed File Share
rem   File Servers: 5145: refused on the share. Success as well where its volume is bearable: one event for every file opened
auditpol /set /subcategory:"{0CCE9244-69AE-11D9-BED3-505054503030}" /failure:enable
rem Detailed Tracking: Plug and Play Events
rem   Windows Server: 6416, 6420, 6422-6424: devices and removable media
auditpol /set /subcategory:"{0CCE9248-69AE-11D9-BED3-505054503030}" /success:enable
