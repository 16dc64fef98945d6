import type { Infer, ValidationRule } from '../schema.ts';
import { object, oneOf, string } from '../schema.ts';
import { duration } from './names.ts';

/** Properties of session persistence today. */
export const sessionPersistenceProperties = {
  sessionName: string({
    description: 'Name of the cookie or header; the implementation picks one where absent.',
    maxLength: 128,
  }),
  absoluteTimeout: duration('How long a session lasts at most, whether it is used or not.'),
  type: oneOf(['Cookie', 'Header'], {
    description: 'What carries the session: a cookie or a header.',
    default: 'Cookie',
  }),
  cookieConfig: object(
    {
      lifetimeType: oneOf(['Permanent', 'Session'], {
        description: 'Whether the cookie outlives the browser: Permanent ones do, until absoluteTimeout.',
        default: 'Session',
      }),
    },
    { description: 'Settings for sessions that a cookie carries.' },
  ),
};

/** A cookie that outlives the browser needs a time when it ends. */
export const permanentCookieHasTimeout: ValidationRule = {
  message: 'AbsoluteTimeout must be specified when cookie lifetimeType is Permanent',
  rule:
    '!has(self.cookieConfig) || !has(self.cookieConfig.lifetimeType) || ' +
    "self.cookieConfig.lifetimeType != 'Permanent' || has(self.absoluteTimeout)",
};

/** Keeps the requests of one client on one backend. */
export const sessionPersistence = object(sessionPersistenceProperties, {
  description: 'Keeps the requests of one session on one backend.',
  'x-kubernetes-validations': [
    permanentCookieHasTimeout,
    {
      message: 'cookieConfig can only be set with type Cookie',
      rule: "!has(self.cookieConfig) || self.type == 'Cookie'",
    },
  ],
});

/** How the requests of one session are kept on one backend. */
export type SessionPersistence = Infer<typeof sessionPersistence>;
