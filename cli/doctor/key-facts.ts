import { DescribeKeyCommand, GetKeyPolicyCommand, type KMSClient } from '@aws-sdk/client-kms';
import { type Fact, lookUp } from '../stack/fact';
import { parsePolicy, type PolicyStatement } from '../policy/statement';

/** A resource and the key that encrypts it: its ID, ARN or alias; undefined if AWS manages the key. */
export type EncryptedResource = readonly [resource: string, key: Fact<string | undefined>];

/** A customer managed key. */
export interface KeyFacts {
  readonly arn: string;
  /** `Enabled`, or why it can't be used. */
  readonly state: string;
  readonly statements: Fact<readonly PolicyStatement[]>;
}

/** A key, and what it encrypts. */
export interface UsedKey {
  /** As its first resource names it. */
  readonly id: string;
  readonly resources: readonly string[];
  readonly key: Fact<KeyFacts>;
}

/** Looks up the customer managed keys of resources, each once. Resources whose key is not known are skipped. */
export async function lookUpKeys(kms: KMSClient, resources: readonly EncryptedResource[]): Promise<UsedKey[]> {
  const byKey = new Map<string, UsedKey>();
  for (const [resource, configured] of resources) {
    const id = configured.isKnown ? configured.value : undefined;
    // Aliases of keys that AWS manages.
    if (id === undefined || /(^|:)alias\/aws\//.test(id)) continue;
    const key = await lookUp(() => readKey(kms, id));
    if (key.isKnown && key.value === undefined) continue;
    const name = key.isKnown && key.value !== undefined ? key.value.arn : id;
    const { resources: others = [] } = byKey.get(name) ?? {};
    byKey.set(name, { id, resources: [...others, resource], key: key as Fact<KeyFacts> });
  }
  return [...byKey.values()];
}

/** @returns undefined for a key that AWS manages. Its policy allows what is needed. */
async function readKey(kms: KMSClient, id: string): Promise<KeyFacts | undefined> {
  const { KeyMetadata } = await kms.send(new DescribeKeyCommand({ KeyId: id }));
  if (KeyMetadata?.KeyManager === 'AWS') return undefined;
  const arn = KeyMetadata?.Arn ?? id;
  const statements = await lookUp(async () => {
    const { Policy = '{}' } = await kms.send(new GetKeyPolicyCommand({ KeyId: arn, PolicyName: 'default' }));
    return parsePolicy(Policy);
  });
  return { arn, state: KeyMetadata?.KeyState ?? 'unknown', statements };
}
