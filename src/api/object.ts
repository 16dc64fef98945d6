/** Metadata that every Kubernetes object carries. Timestamps are RFC 3339 strings with whole seconds. */
export interface ObjectMeta {
  readonly name: string;
  /** Absent on cluster-scoped objects. */
  readonly namespace?: string;
  readonly generateName?: string;
  readonly uid?: string;
  /** Opaque to clients; within Sallyport a decimal number that only grows. */
  readonly resourceVersion?: string;
  /** Counts changes of the desired state; status writes leave it alone. */
  readonly generation?: number;
  readonly creationTimestamp?: string;
  readonly deletionTimestamp?: string;
  readonly deletionGracePeriodSeconds?: number;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly finalizers?: readonly string[];
  readonly ownerReferences?: readonly OwnerReference[];
  readonly managedFields?: readonly ManagedFieldsEntry[];
}

/** Names an object whose deletion takes this one along. */
export interface OwnerReference {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly uid: string;
  readonly controller?: boolean;
  readonly blockOwnerDeletion?: boolean;
}

/** Which fields one field manager owns, as server-side apply records them. */
export interface ManagedFieldsEntry {
  readonly manager?: string;
  readonly operation?: 'Apply' | 'Update';
  readonly apiVersion?: string;
  readonly time?: string;
  readonly fieldsType?: string;
  readonly fieldsV1?: Readonly<Record<string, unknown>>;
  readonly subresource?: string;
}

/** Any Kubernetes object. Kinds narrow `spec` and `status`. Objects are immutable: an edit makes a new one. */
export interface KubeObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: ObjectMeta;
}

/** A kind without its version: how references inside the Gateway API name kinds. `group` is `''` for core kinds. */
export interface GroupKind {
  readonly group: string;
  readonly kind: string;
}

/** Names one object, whether or not it exists. `namespace` is `''` for cluster-scoped objects. */
export interface ObjectRef extends GroupKind {
  readonly namespace: string;
  readonly name: string;
}

declare const objectKeyBrand: unique symbol;
/** An `ObjectRef` as a string, `Kind.group/namespace/name`: a Map key and the name used in messages of the program. */
export type ObjectKey = string & { readonly [objectKeyBrand]: true };

/** The group of an `apiVersion`: `''` for `v1`. */
export function groupOf(apiVersion: string): string {
  const slash = apiVersion.indexOf('/');
  return slash === -1 ? '' : apiVersion.slice(0, slash);
}

/** The version of an `apiVersion`: `v1` for both `v1` and `apps/v1`. */
export function versionOf(apiVersion: string): string {
  return apiVersion.slice(apiVersion.indexOf('/') + 1);
}

/** The `apiVersion` of a group and version. */
export function apiVersionOf(group: string, version: string): string {
  return group === '' ? version : `${group}/${version}`;
}

/** The reference that names `object`. */
export function refOf(object: KubeObject): ObjectRef {
  return {
    group: groupOf(object.apiVersion),
    kind: object.kind,
    namespace: object.metadata.namespace ?? '',
    name: object.metadata.name,
  };
}

/** The key of a reference; equal references have equal keys. */
export function objectKey(ref: ObjectRef): ObjectKey {
  return `${kindKey(ref)}/${ref.namespace}/${ref.name}` as ObjectKey;
}

/** A kind as a string: `HTTPRoute.gateway.networking.k8s.io`, `Service` for core kinds. */
export function kindKey({ group, kind }: GroupKind): string {
  return group === '' ? kind : `${kind}.${group}`;
}

/** `namespace/name`, or the name alone for cluster-scoped objects: how messages to users name objects. */
export function namespacedName({ namespace, name }: { readonly namespace?: string; readonly name: string }): string {
  return namespace === undefined || namespace === '' ? name : `${namespace}/${name}`;
}
