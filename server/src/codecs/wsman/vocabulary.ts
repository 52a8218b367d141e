/** Namespaces, actions and other URIs of WS-Management (DSP0226), WS-Eventing, WS-Enumeration and MS-WSMV. */

export const NAMESPACE = {
  soap: 'http://www.w3.org/2003/05/soap-envelope',
  addressing: 'http://schemas.xmlsoap.org/ws/2004/08/addressing',
  eventing: 'http://schemas.xmlsoap.org/ws/2004/08/eventing',
  enumeration: 'http://schemas.xmlsoap.org/ws/2004/09/enumeration',
  wsman: 'http://schemas.dmtf.org/wbem/wsman/1/wsman.xsd',
  microsoft: 'http://schemas.microsoft.com/wbem/wsman/1/wsman.xsd',
  machineId: 'http://schemas.microsoft.com/wbem/wsman/1/machineid',
  subscription: 'http://schemas.microsoft.com/wbem/wsman/1/subscription',
  fault: 'http://schemas.microsoft.com/wbem/wsman/1/wsmanfault',
  identity: 'http://schemas.dmtf.org/wbem/wsman/identity/1/wsmanidentity.xsd',
  policy: 'http://schemas.xmlsoap.org/ws/2002/12/policy',
  /** Windows takes this one, not the general one that MS-WSMV 2.2.4.1 names. */
  authentication: 'http://schemas.microsoft.com/wbem/wsman/1/authentication',
  instance: 'http://www.w3.org/2001/XMLSchema-instance',
  xml: 'http://www.w3.org/XML/1998/namespace',
} as const;

export const ACTION = {
  enumerate: 'http://schemas.xmlsoap.org/ws/2004/09/enumeration/Enumerate',
  enumerateResponse: 'http://schemas.xmlsoap.org/ws/2004/09/enumeration/EnumerateResponse',
  subscribe: 'http://schemas.xmlsoap.org/ws/2004/08/eventing/Subscribe',
  subscriptionEnd: 'http://schemas.xmlsoap.org/ws/2004/08/eventing/SubscriptionEnd',
  heartbeat: 'http://schemas.dmtf.org/wbem/wsman/1/wsman/Heartbeat',
  events: 'http://schemas.dmtf.org/wbem/wsman/1/wsman/Events',
  event: 'http://schemas.dmtf.org/wbem/wsman/1/wsman/Event',
  droppedEvents: 'http://schemas.dmtf.org/wbem/wsman/1/wsman/DroppedEvents',
  ack: 'http://schemas.dmtf.org/wbem/wsman/1/wsman/Ack',
  end: 'http://schemas.microsoft.com/wbem/wsman/1/wsman/End',
  fault: 'http://schemas.dmtf.org/wbem/wsman/1/wsman/fault',
  addressingFault: 'http://schemas.xmlsoap.org/ws/2004/08/addressing/fault',
  eventingFault: 'http://schemas.xmlsoap.org/ws/2004/08/eventing/fault',
} as const;

export const RESOURCE = {
  subscriptions: 'http://schemas.microsoft.com/wbem/wsman/1/SubscriptionManager/Subscription',
  eventLog: 'http://schemas.microsoft.com/wbem/wsman/1/windows/EventLog',
  fullDuplex: 'http://schemas.microsoft.com/wbem/wsman/1/wsman/FullDuplex',
} as const;

export const ANONYMOUS = 'http://schemas.xmlsoap.org/ws/2004/08/addressing/role/anonymous';

/** How a computer authenticates when it delivers (DSP0226, annex C; MS-WSMV 2.2.4.1). */
export const PROFILE = {
  kerberos: 'http://schemas.dmtf.org/wbem/wsman/1/wsman/secprofile/http/spnego-kerberos',
  certificate: 'http://schemas.dmtf.org/wbem/wsman/1/wsman/secprofile/https/mutual',
} as const;

/** Batches of events, acknowledged (DSP0226, 10.2.9.3). */
export const DELIVERY_EVENTS = 'http://schemas.dmtf.org/wbem/wsman/1/wsman/Events';
/** Reserved bookmark: everything there is (DSP0226, 10.2.6). */
export const BOOKMARK_EARLIEST = 'http://schemas.dmtf.org/wbem/wsman/1/wsman/bookmark/earliest';
/** Dialect of a `QueryList`. */
export const EVENT_QUERY = 'http://schemas.microsoft.com/win/2004/08/events/eventquery';
