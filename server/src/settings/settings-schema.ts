/**
 * Every setting of the server: the single place where a key, its default, its limits and its meaning are written.
 * The settings reference and `--print-config` derive from it.
 */
import { isIP } from 'node:net';
import { z } from 'zod';
import {
  booleanSetting,
  checkedTextSetting,
  choiceSetting,
  numberSetting,
  optionalTextSetting,
  optionalUrlSetting,
  secretSetting,
  sizeSetting,
  textSetting,
} from './setting.ts';

const isTimeZone = (name: string): boolean => {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
};

const place = (port: number, run: { readonly isEnabled: boolean; readonly purpose: string }) => ({
  enabled: booleanSetting(run.isEnabled, `Whether this listener runs: ${run.purpose}`),
  address: checkedTextSetting(
    '0.0.0.0',
    { accepts: (text) => isIP(text) !== 0, expects: 'an IPv4 or IPv6 address of this machine' },
    'Address to listen on. `0.0.0.0` is every IPv4 address, `::` every IPv4 and IPv6 address, `127.0.0.1` this machine only.',
  ),
  port: numberSetting(port, { min: 0, max: 65535 }, 'TCP port; 0 takes any free one.'),
});

const ownCertificate = {
  certificate: optionalTextSetting(
    'PEM file with the certificate, followed by its chain. Without it a self-signed one is made on first start and kept in the data folder.',
  ),
  key: optionalTextSetting('PEM file with the private key of the certificate, not encrypted.'),
};

const listener = (port: number, purpose: string) =>
  z
    .strictObject({
      ...place(port, { isEnabled: true, purpose }),
      tls: z
        .strictObject({
          enabled: booleanSetting(true, 'HTTPS; false is plain HTTP on the same port.'),
          ...ownCertificate,
        })
        .prefault({}),
    })
    .prefault({});

export const SETTINGS_SCHEMA = z.strictObject({
  data: textSetting(
    './data',
    'Folder of everything Witness keeps. Relative paths start at the working directory.',
  ),
  serverName: optionalTextSetting(
    'Name other machines know this server by; goes into the certificate. Without it the host name is used.',
  ),
  timeZone: checkedTextSetting(
    'UTC',
    {
      accepts: isTimeZone,
      expects: 'a time zone name such as Europe/Berlin, or an offset such as +02:00',
    },
    'Time zone in which `today` and working hours are meant where nobody says otherwise.',
  ),
  log: z
    .strictObject({
      level: choiceSetting(
        ['debug', 'info', 'warn', 'error'],
        'info',
        'Least severe level that is written.',
      ),
      format: choiceSetting(
        ['auto', 'json', 'pretty'],
        'auto',
        'json: one object a line; pretty: for people; auto: pretty on a terminal, otherwise json.',
      ),
    })
    .prefault({}),
  store: z
    .strictObject({
      engine: choiceSetting(
        ['embedded', 'cluster'],
        'embedded',
        'Where the audit database runs: inside this process, or on a ClickHouse cluster.',
      ),
      keepRawEvents: booleanSetting(true, 'Keep the raw event beside each record.'),
      cluster: z
        .strictObject({
          url: optionalUrlSetting(
            'Its HTTP interface, such as https://clickhouse.example.test:8443; needed for the cluster engine.',
          ),
          database: textSetting('witness', 'Database on the cluster.'),
          username: textSetting('default', 'Account on the cluster.'),
          password: secretSetting('Password of that account.'),
          cluster: optionalTextSetting(
            'Name of the cluster for replicated tables (`ON CLUSTER`); absent: a single server.',
          ),
        })
        .prefault({}),
    })
    .prefault({}),
  limits: z
    .strictObject({
      requestBytesMax: sizeSetting(
        '64 MB',
        '50 MB',
        'Largest request body taken; larger ones are refused. Clients of the Integration API may send 50 MB.',
      ),
      requestSecondsMax: numberSetting(
        300,
        { min: 10, max: 3600 },
        'Seconds a client may take to send one request.',
      ),
      connectionsMax: numberSetting(
        1000,
        { min: 10, max: 100_000 },
        'Simultaneous connections to one listener.',
      ),
      spoolBytesMax: sizeSetting(
        '50 GB',
        '256 MB',
        'Disk the spool may take before senders are told to wait.',
      ),
      freeBytesMin: sizeSetting(
        '1 GB',
        '64 MB',
        'Free disk space under which senders are told to wait.',
      ),
    })
    .prefault({}),
  listeners: z
    .strictObject({
      'integration-api': listener(9699, 'the Integration API.'),
      console: listener(8443, 'health, metrics and the description of the API.'),
      'event-forwarding': z
        .strictObject({
          ...place(5986, {
            isEnabled: false,
            purpose: 'Windows Event Forwarding from computers that sign in by certificates.',
          }),
          tls: z
            .strictObject({
              ...ownCertificate,
              clientCa: optionalTextSetting(
                'PEM file with the authorities whose certificates Windows computers sign in with; needed.',
              ),
              crl: optionalTextSetting(
                'PEM file with a revocation list of each of these authorities; without it nothing counts as revoked.',
              ),
            })
            .prefault({}),
        })
        .prefault({}),
      'event-forwarding-kerberos': z
        .strictObject({
          ...place(5985, {
            isEnabled: false,
            purpose: 'Windows Event Forwarding from computers of a domain, by Kerberos.',
          }),
          keytab: optionalTextSetting(
            'Keytab file with the keys of the service principal; needed.',
          ),
          servicePrincipal: optionalTextSetting(
            'Such as HTTP/witness.contoso.test; without it HTTP/ and the server name.',
          ),
        })
        .prefault({}),
    })
    .prefault({}),
});

export type Settings = z.output<typeof SETTINGS_SCHEMA>;
export type ListenerId = keyof Settings['listeners'];
/** Of the listeners that people and scripts use. */
export type ListenerSettings = Settings['listeners']['integration-api'];
