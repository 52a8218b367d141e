/** Event XML as Windows writes it, small. */
export interface TestEventXml {
  readonly computer?: string;
  readonly recordId?: number;
  readonly channel?: string;
  readonly data?: string;
}

export const eventXml = ({
  computer = 'pc1.example.org',
  recordId = 1,
  channel = 'Application',
  data = 'something happened',
}: TestEventXml = {}): string =>
  "<Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'><System><Provider Name='Test'/>" +
  `<EventID Qualifiers='0'>7</EventID><Version>0</Version><Level>4</Level><Task>0</Task><Opcode>0</Opcode>` +
  `<Keywords>0x80000000000000</Keywords><TimeCreated SystemTime='2024-05-06T07:08:09.1234567Z'/>` +
  `<EventRecordID>${recordId}</EventRecordID><Correlation/><Execution ProcessID='4' ThreadID='8'/>` +
  `<Channel>${channel}</Channel><Computer>${computer}</Computer><Security/></System>` +
  `<EventData><Data Name='Text'>${data}</Data></EventData></Event>`;

export const eventXmls = (count: number, from = 1, computer = 'pc1.example.org'): string[] =>
  Array.from({ length: count }, (_, index) => eventXml({ computer, recordId: from + index }));
