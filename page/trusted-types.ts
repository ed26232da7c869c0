interface TrustedTypes {
  createPolicy(name: string, rules: { readonly createScriptURL: (url: string) => string | null }): void;
}

/**
 * The page's Content-Security-Policy refuses every script that this policy does not allow. The only one is the worker that prepares
 * photos, which is made from text.
 */
(globalThis as { trustedTypes?: TrustedTypes }).trustedTypes?.createPolicy('default', {
  createScriptURL: (url) => (url.startsWith(`blob:${location.origin}/`) ? url : null),
});
