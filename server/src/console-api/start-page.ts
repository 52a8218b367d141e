import { escapeXml } from '@witness/record';

/** The page at `/`: what answers here, without scripts or styles from anywhere. */
export const startPage = (integrationApiUrl: string | undefined): string =>
  [
    '<!doctype html>',
    '<html lang="en">',
    '<head><meta charset="utf-8"><title>Witness</title></head>',
    '<body>',
    '<h1>Witness</h1>',
    '<p>The Auditor Server is running.</p>',
    '<ul>',
    '<li><a href="/healthz">/healthz</a>: the process answers</li>',
    '<li><a href="/readyz">/readyz</a>: every part is ready</li>',
    '<li><a href="/metrics">/metrics</a>: figures for Prometheus; sign in as one who may read everything</li>',
    integrationApiUrl
      ? `<li>Integration API: <code>${escapeXml(integrationApiUrl)}</code></li>`
      : '<li>The Integration API is switched off.</li>',
    '</ul>',
    '<p>Search from the command line: <code>npx witness search "who:admin"</code></p>',
    '</body>',
    '</html>',
    '',
  ].join('\n');
