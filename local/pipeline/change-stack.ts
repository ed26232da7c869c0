import type { SynthesizedStack } from './synthesize';
import type { TemplateResource } from './template';

/** The properties of a resource to replace. */
export type Changes = Readonly<Record<string, unknown>>;

/** The stack with other properties of some resources. */
export function changeStack(
  stack: SynthesizedStack,
  changesOf: (resource: TemplateResource) => Changes,
): SynthesizedStack {
  const resources = Object.entries(stack.template.Resources).map(([id, resource]): [string, TemplateResource] => [
    id,
    { ...resource, Properties: { ...resource.Properties, ...changesOf(resource) } },
  ]);
  return { ...stack, template: { Resources: Object.fromEntries(resources) } };
}
