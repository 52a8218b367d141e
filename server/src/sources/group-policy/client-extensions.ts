/** Client-side extensions: what kinds of settings a policy has. Sources: [MS-GPOD] 1.1.6 and the [MS-GP*] protocol of each. */
const EXTENSIONS: Readonly<Record<string, string>> = {
  '35378EAC-683F-11D2-A89A-00C04FBBCFA2': 'Administrative templates',
  '827D319E-6EAC-11D2-A4EA-00C04F79F83A': 'Security settings',
  '42B5FAAE-6536-11D2-AE5A-0000F87571E3': 'Scripts',
  '25537BA6-77A8-11D2-9B6C-0000F8080861': 'Folder redirection',
  'C6DC5466-785A-11D2-84D0-00C04FB169F7': 'Software installation',
  'A2E30F80-D7DE-11D2-BBDE-00C04F86AE3B': 'Internet Explorer maintenance',
  'B1BE8D72-6EAC-11D2-A4EA-00C04F79F83A': 'EFS recovery',
  'E437BC1C-AA7D-11D2-A382-00C04F991E27': 'IP security',
  '0ACDD40C-75AC-47AB-BAA0-BF6DE7E7FE63': 'Wireless networks',
  'B587E2B1-4D59-4E7E-AED9-22B9DF11D053': 'Wired networks',
  '426031C0-0B47-4852-B0CA-AC3D37BFCB39': 'QoS packet scheduler',
  'F3CCC681-B74C-4060-9F26-CD84525DCA2A': 'Advanced audit policy',
  '4CFB60C1-FAA6-47F1-89AA-0B18730C9FD3': 'Internet Explorer zones',
  '0E28E245-9368-4853-AD84-6DA3BA35BB75': 'Preferences: environment',
  '17D89FEC-5C44-4972-B12D-241CAEF74509': 'Preferences: local users and groups',
  '3A0DBA37-F8B2-4356-83DE-3E90BD5C261F': 'Preferences: network options',
  '5794DAFD-BE60-433F-88A2-1A31939AC01F': 'Preferences: drive maps',
  '6232C319-91AC-4931-9385-E70C2B099F0E': 'Preferences: folders',
  '6A4C88C6-C502-4F74-8F60-2CB23EDC24E2': 'Preferences: network shares',
  '7150F9BF-48AD-4DA4-A49C-29EF4A8369BA': 'Preferences: files',
  '74EE6C03-5363-4554-B161-627540339CAB': 'Preferences: INI files',
  '91FBB303-0CD5-4055-BF42-E512A681B325': 'Preferences: services',
  'A3F3E39B-5D83-4940-B954-28315B82F0A8': 'Preferences: folder options',
  'AADCED64-746C-4633-A97C-D61349046527': 'Preferences: scheduled tasks',
  'B087BE9D-ED37-454F-AF9C-04291E351182': 'Preferences: registry',
  'BC75B1ED-5833-4858-9BB8-CBF0B166DF9D': 'Preferences: printers',
  'C418DD9D-0D14-4EFB-8FBF-CFE535C8FAC7': 'Preferences: shortcuts',
  'E47248BA-94CC-49C4-BBB5-9EB7F05183D0': 'Preferences: Internet settings',
  'E4F48E54-F38D-4884-BFB9-D4D2E5729C18': 'Preferences: start menu',
  'E5094040-C46C-4115-B030-04FB2E545B00': 'Preferences: regional options',
  'E62688F0-25FD-4C90-BFF5-F508B9D2E31F': 'Preferences: power options',
  'F9C77450-3A41-477E-9310-9ACD617BD9E3': 'Preferences: applications',
};

/** The first GUID of each bracket is the extension; the others are editors. Zero holds editors of all. */
const ENTRY = /\[\{([0-9a-f-]{36})\}/gi;
const NONE = '00000000-0000-0000-0000-000000000000';

/** `Administrative templates, Scripts` for the value of gPCMachineExtensionNames. */
export const clientExtensionWords = (text: string): string =>
  [...text.matchAll(ENTRY)]
    .map(([, guid = '']) => guid.toUpperCase())
    .filter((guid) => guid !== NONE)
    .map((guid) => (Object.hasOwn(EXTENSIONS, guid) ? (EXTENSIONS[guid] ?? guid) : `{${guid}}`))
    .join(', ');
