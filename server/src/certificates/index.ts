/** Certificates of the listeners: made on first start, or given by the administrator. */
export { type Certificate, type CertificateFiles, loadCertificate } from './certificate.ts';
export { type EnsureCertificateRequest, ensureCertificate } from './ensure-certificate.ts';
export { serverNames, toServerNames } from './server-names.ts';
