import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Pod } from '../src/api/core/pod.ts';
import type { ApiClient } from './api-client.ts';
import type { PodCommand } from './pod-process.ts';

interface EnvVar {
  readonly name: string;
  readonly value?: string;
  readonly valueFrom?: { readonly fieldRef?: { readonly fieldPath: string } };
}

interface Volume {
  readonly name: string;
  readonly secret?: { readonly secretName: string; readonly items?: readonly KeyToPath[] };
  readonly configMap?: { readonly name: string; readonly items?: readonly KeyToPath[] };
}

interface KeyToPath {
  readonly key: string;
  readonly path: string;
}

/** Where the programs of images and the files of pods are. */
export interface PodFolders {
  /** Holds one program for each image, named as the image is. */
  readonly programs: string;
  readonly volumes: string;
}

/** What to run for a pod. Its volumes are written first; a missing Secret or ConfigMap is an error, to be tried again. */
export async function podCommand(
  pod: Pod,
  address: string,
  { api, folders }: { readonly api: ApiClient; readonly folders: PodFolders },
): Promise<PodCommand> {
  const [container] = pod.spec?.containers ?? [];
  if (container?.image === undefined) throw new Error('The pod has no container with an image.');
  const mounts = await Promise.all(
    ((pod.spec?.volumes ?? []) as readonly Volume[]).map(async (volume) => {
      const folder = join(folders.volumes, pod.metadata.uid ?? '', volume.name);
      await writeVolume(volume, folder, { api, namespace: pod.metadata.namespace ?? '' });
      const mount = container.volumeMounts?.find(({ name }) => name === volume.name);
      return { path: mount?.mountPath ?? '', folder };
    }),
  );
  // Pods share the file system: a path below a mount becomes the path of the volume itself.
  const mapped = (text: string) => {
    const mount = mounts.find(({ path }) => path !== '' && text.startsWith(`${path}/`));
    return mount === undefined ? text : join(mount.folder, text.slice(mount.path.length));
  };
  const env = (container.env ?? []) as readonly EnvVar[];
  return {
    file: join(folders.programs, programOf(container.image)),
    args: (container.args ?? []).map(mapped),
    env: Object.fromEntries(env.map((variable) => [variable.name, mapped(valueOf(variable, pod))])),
    address,
  };
}

/** The name of an image, without its registry and tag. */
function programOf(image: string): string {
  return image.slice(image.lastIndexOf('/') + 1).replace(/[:@].*$/, '');
}

function valueOf({ value = '', valueFrom }: EnvVar, { metadata }: Pod): string {
  const field = valueFrom?.fieldRef?.fieldPath;
  if (field === 'metadata.name') return metadata.name;
  if (field === 'metadata.namespace') return metadata.namespace ?? '';
  return value;
}

async function writeVolume(
  { secret, configMap }: Volume,
  folder: string,
  { api, namespace }: { readonly api: ApiClient; readonly namespace: string },
): Promise<void> {
  const source = secret === undefined ? `configmaps/${configMap?.name}` : `secrets/${secret.secretName}`;
  const object = await api.get<{ readonly data?: Readonly<Record<string, string>> }>(
    `/api/v1/namespaces/${namespace}/${source}`,
  );
  const data = object.data ?? {};
  const items = (secret ?? configMap)?.items ?? Object.keys(data).map((key) => ({ key, path: key }));
  await mkdir(folder, { recursive: true });
  for (const { key, path } of items) {
    const content = data[key];
    if (content === undefined) throw new Error(`${source} has no key ${key}.`);
    await writeFile(join(folder, path), Buffer.from(content, secret === undefined ? 'utf8' : 'base64'));
  }
}
