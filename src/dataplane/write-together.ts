import type { Socket } from 'node:net';

/** Up to here copying a body into the head's string is cheaper than a second write. */
export const MAX_JOINED_BYTES = 4_096;

/** Writes a head and the first bytes of its body in one system call. `false`: the socket's buffer is full. */
export function writeTogether(socket: Socket, text: string, body: Buffer | undefined): boolean {
  if (body === undefined) return socket.write(text, 'latin1');
  if (body.length <= MAX_JOINED_BYTES) return socket.write(text + body.toString('latin1'), 'latin1');
  socket.cork();
  socket.write(text, 'latin1');
  const isRoomy = socket.write(body);
  socket.uncork();
  return isRoomy;
}
