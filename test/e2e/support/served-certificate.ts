import { connect } from 'node:tls';

/** The serial number of the certificate that a new connection is shown for `serverName`. */
export function servedCertificate(address: string, port: number, serverName: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: address, port, servername: serverName, rejectUnauthorized: false }, () => {
      resolve(socket.getPeerCertificate().serialNumber.replace(/^0+/, ''));
      socket.destroy();
    });
    socket.on('error', reject);
  });
}
