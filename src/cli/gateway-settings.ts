import type { ControlPlaneOptions } from '../controller/control-plane.ts';
import type { GatewayOptions } from './serve-options.ts';

/** What the options of the command line mean for the gateway. */
export function gatewaySettings({
  addressPool,
  address,
  portOffset,
  trustedProxy,
  allowExternalName,
}: GatewayOptions): Pick<
  ControlPlaneOptions,
  'addressPool' | 'address' | 'portOffset' | 'trustedProxies' | 'allowExternalName'
> {
  return {
    portOffset,
    allowExternalName: allowExternalName === true,
    ...(addressPool === undefined ? {} : { addressPool }),
    ...(address === undefined ? {} : { address }),
    ...(trustedProxy === undefined ? {} : { trustedProxies: trustedProxy }),
  };
}
