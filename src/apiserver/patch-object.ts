import { ApiError } from '../store/api-error.ts';
import type { Pruning } from './admission.ts';
import { parseObjectBody } from './object-body.ts';
import type { ApiObject, WriteTarget } from './object-body.ts';
import { jsonPatch } from './patch/json-patch.ts';
import { updateManagedFields } from './patch/managed-fields.ts';
import { mergePatch } from './patch/merge-patch.ts';
import { PatchError } from './patch/patch-error.ts';
import { renderConflicts, serverSideApply } from './patch/server-side-apply.ts';
import { strategicMergePatch } from './patch/strategic-merge-patch.ts';
import { badRequest, unsupportedMediaType } from './status-errors.ts';

/** A change to an object, in one of the forms that the API takes. */
export type Patch =
  | { readonly type: 'Json'; readonly operations: unknown }
  | { readonly type: 'Merge' | 'Strategic'; readonly patch: unknown }
  | { readonly type: 'Apply'; readonly applied: unknown; readonly force: boolean };

/** Who writes, and when (RFC 3339). */
export interface Author {
  readonly fieldManager: string;
  readonly time: string;
}

const JSON_PATCH = 'application/json-patch+json';
const MERGE_PATCH = 'application/merge-patch+json';
const STRATEGIC_PATCH = 'application/strategic-merge-patch+json';
const APPLY_PATCH = 'application/apply-patch+yaml';

/** Reads the body of a PATCH request, whose content type says what it is. */
export function parsePatch(
  contentType: string | undefined,
  body: unknown,
  { force, hasStrategicMerge }: { readonly force: boolean; readonly hasStrategicMerge: boolean },
): Patch {
  const type = contentType?.split(';')[0]?.trim().toLowerCase();
  if (type === JSON_PATCH) return { type: 'Json', operations: body };
  if (type === MERGE_PATCH) return { type: 'Merge', patch: body };
  if (type === STRATEGIC_PATCH && hasStrategicMerge) return { type: 'Strategic', patch: body };
  if (type === APPLY_PATCH) return { type: 'Apply', applied: body, force };
  const strategic = hasStrategicMerge ? [STRATEGIC_PATCH] : [];
  throw unsupportedMediaType([JSON_PATCH, MERGE_PATCH, ...strategic, APPLY_PATCH]);
}

/** The object that a JSON patch or merge patch makes of the stored one; nothing of it is checked yet. */
export function patchObject(
  target: WriteTarget,
  existing: ApiObject,
  patch: Exclude<Patch, { type: 'Apply' }>,
): unknown {
  try {
    if (patch.type === 'Json') return jsonPatch(existing, patch.operations);
    if (patch.type === 'Merge') return mergePatch(existing, patch.patch);
    return strategicMergePatch(target.resource.version.schema, existing, patch.patch);
  } catch (error) {
    if (!(error instanceof PatchError)) throw error;
    throw error.code === 400 ? badRequest(error.message) : new ApiError(422, 'Invalid', error.message);
  }
}

/** The object that a server-side apply makes of the stored one, with the record of who owns what. */
export function applyObject(
  target: WriteTarget,
  existing: ApiObject | undefined,
  patch: Extract<Patch, { type: 'Apply' }> & { readonly author: Author; readonly prune: Pruning },
): ApiObject {
  const given = parseObjectBody(patch.applied, target);
  if ((given.metadata.managedFields ?? []).length > 0) throw badRequest('metadata.managedFields must be nil');
  const { object, conflicts } = serverSideApply({
    schema: target.resource.version.schema,
    live: existing,
    applied: writablePart(target, patch.prune(given)),
    force: patch.force,
    manager: patch.author.fieldManager,
    time: patch.author.time,
    ...(target.subresource === undefined ? {} : { subresource: target.subresource }),
  });
  if (conflicts.length === 0) return { ...object };
  const causes = conflicts.map(({ message, field }) => ({ reason: 'FieldManagerConflict', message, field }));
  throw new ApiError(409, 'Conflict', renderConflicts(conflicts), { causes });
}

/** What the resource or subresource can write: the status alone, or everything but the status. */
function writablePart({ resource, subresource }: WriteTarget, given: ApiObject): ApiObject {
  const { status, ...desired } = given;
  if (subresource === undefined) return resource.version.hasStatus ? desired : given;
  const { apiVersion, kind, metadata } = given;
  return { apiVersion, kind, metadata, ...(status === undefined ? {} : { status }) };
}

/** Records who owns what after a write that is no apply. */
export function recordUpdate(
  { resource, subresource }: WriteTarget,
  after: ApiObject,
  before: ApiObject | undefined,
  { fieldManager, time }: Author,
): ApiObject {
  const recorded = updateManagedFields({
    schema: resource.version.schema,
    before,
    after,
    manager: fieldManager,
    time,
    ...(subresource === undefined ? {} : { subresource }),
  });
  return { ...recorded };
}
